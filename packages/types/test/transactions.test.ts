import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { createTxFromRLP } from '@ethereumjs/tx';
import {
  bigintToBytes,
  bytesToBigint,
  bytesToHex,
  decodeRlp,
  encodeRlp,
  hexToBytes,
  keccak256,
  privateKeyToAddress,
  type RlpItem,
  SECP256K1_HALF_ORDER,
  SECP256K1_ORDER,
  signDigest,
} from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Authorization, Hash, SignedTransaction, UnsignedTransaction } from '../src/index.ts';
import {
  authorizationDigest,
  decodeTransaction,
  encodeTransaction,
  recoverAuthority,
  recoverTransaction,
  signingDigest,
  signTransaction,
} from '../src/index.ts';
import { signedTransaction, transactionFields } from './arbitraries.ts';

const key = hexToBytes('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
const account = privateKeyToAddress(key);
const target = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';

const common = { nonce: 7n, gasLimit: 21_000n, to: target, value: 10n ** 18n, data: new Uint8Array(0) } as const;
const fees = { maxPriorityFeePerGas: 1n, maxFeePerGas: 2_000_000_000n } as const;
const legacy: UnsignedTransaction = { type: 0, ...common, chainId: 31337n, gasPrice: 1n };
const unprotected: UnsignedTransaction = { ...legacy, chainId: null };
const feeMarket: UnsignedTransaction = { type: 2, ...common, chainId: 31337n, ...fees, accessList: [] };
const authorization: Authorization = { chainId: 0n, address: target, nonce: 0n, yParity: 0, r: 1n, s: 1n };
const blob: UnsignedTransaction = {
  ...feeMarket,
  type: 3,
  to: target,
  maxFeePerBlobGas: 3n,
  blobVersionedHashes: [`0x01${'ab'.repeat(31)}`],
};
const setCode: UnsignedTransaction = { ...feeMarket, type: 4, to: target, authorizationList: [authorization] };

const refused = (reason: string): unknown =>
  expect.objectContaining({
    code: 'INVALID_TRANSACTION_ENCODING',
    facts: expect.objectContaining({ reason: expect.stringContaining(reason) }),
  });

/** The items of a signed transaction, with some replaced. */
function tampered(transaction: SignedTransaction, changes: Readonly<Record<number, RlpItem>>): Uint8Array {
  const { type } = transaction.fields;
  const items = decodeRlp(type === 0 ? transaction.raw : transaction.raw.subarray(1));
  if (items instanceof Uint8Array) throw new Error('a transaction is a list');
  const list = encodeRlp(items.map((item, index) => changes[index] ?? item));
  return type === 0 ? list : Uint8Array.of(type, ...list);
}

describe('decodeTransaction refuses', () => {
  const signedLegacy = signTransaction(legacy, key);
  const signedFeeMarket = signTransaction(feeMarket, key);
  const signedBlob = signTransaction(blob, key);
  const signedSetCode = signTransaction(setCode, key);
  const uint = (value: bigint): Uint8Array => hexToBytes(`0x${value.toString(16).replace(/^(.(..)*)$/, '0$1')}`);

  test.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(0), 'there are no bytes'],
    ['a type 3 of no fields', Uint8Array.of(3, 0xc0), '0 fields, not 14'],
    ['a type 3 with its blobs', Uint8Array.of(3, ...encodeRlp([[], [], [], []])), 'type 3 with its blobs'],
    ['a create of type 3', tampered(signedBlob, { 5: new Uint8Array(0) }), 'to has 0 bytes, not 20'],
    ['a short versioned hash', tampered(signedBlob, { 10: [new Uint8Array(31)] }), 'versioned hash has 31 bytes'],
    [
      'a blob fee of 33 bytes',
      tampered(signedBlob, { 9: new Uint8Array(33).fill(1) }),
      'maxFeePerBlobGas has 33 bytes',
    ],
    ['type 5', Uint8Array.of(5, 0xc0), 'unknown transaction type 5'],
    ['a type 0 byte', Uint8Array.of(0, ...signedLegacy.raw), 'unknown transaction type 0'],
    ['a string', hexToBytes('0x83010203'), 'unknown transaction type 131'],
    ['a trailing byte', Uint8Array.of(...signedFeeMarket.raw, 0), '1 bytes follow'],
    ['a cut tail', signedFeeMarket.raw.slice(0, -1), 'longer than what is there'],
    ['a leading zero', tampered(signedLegacy, { 0: Uint8Array.of(0, 7) }), 'nonce has a leading zero'],
    ['a zero byte for zero', tampered(signedLegacy, { 4: Uint8Array.of(0) }), 'value has a leading zero'],
    ['nonce 2^64 - 1', tampered(signedLegacy, { 0: new Uint8Array(8).fill(0xff) }), 'nonce is 18446744073709551615'],
    ['gas of 9 bytes', tampered(signedLegacy, { 2: new Uint8Array(9).fill(1) }), 'gasLimit has 9 bytes'],
    ['value of 33 bytes', tampered(signedLegacy, { 4: new Uint8Array(33).fill(1) }), 'value has 33 bytes'],
    ['19 bytes of address', tampered(signedLegacy, { 3: new Uint8Array(19) }), '19 bytes, not 20'],
    ['data as a list', tampered(signedLegacy, { 5: [] }), 'data is a list'],
    ['v 26', tampered(signedLegacy, { 6: Uint8Array.of(26) }), 'v is 26'],
    ['v 29', tampered(signedLegacy, { 6: Uint8Array.of(29) }), 'v is 29'],
    ['v 34', tampered(signedLegacy, { 6: Uint8Array.of(34) }), 'v is 34'],
    ['v 0', tampered(signedLegacy, { 6: new Uint8Array(0) }), 'v is 0'],
    ['r 0', tampered(signedLegacy, { 7: new Uint8Array(0) }), 'r is outside'],
    ['r = N', tampered(signedLegacy, { 7: bigintToBytes(SECP256K1_ORDER, 32) }), 'r is outside'],
    ['s 0', tampered(signedLegacy, { 8: new Uint8Array(0) }), 's is 0'],
    ['s > N/2', tampered(signedLegacy, { 8: bigintToBytes(SECP256K1_HALF_ORDER + 1n, 32) }), 's is above N/2'],
    ['yParity 2', tampered(signedFeeMarket, { 9: Uint8Array.of(2) }), 'yParity is 2'],
    ['yParity 27', tampered(signedFeeMarket, { 9: Uint8Array.of(27) }), 'yParity is 27'],
    ['an access list entry of 3', tampered(signedFeeMarket, { 8: [[new Uint8Array(20), [], []]] }), '3 fields, not 2'],
    [
      'a short storage key',
      tampered(signedFeeMarket, { 8: [[new Uint8Array(20), [uint(1n)]]] }),
      'storage key has 1 bytes',
    ],
    ['a create of type 4', tampered(signedSetCode, { 5: new Uint8Array(0) }), 'to has 0 bytes, not 20'],
    ['no authorizations', tampered(signedSetCode, { 9: [] }), 'authorizationList is empty'],
    ['8 fields', encodeRlp(Array.from({ length: 8 }, () => new Uint8Array(0))), '8 fields, not 9'],
  ])('%s', (_name, raw, reason) => {
    expect(() => decodeTransaction(raw)).toThrow(refused(reason));
  });

  test('an authorization whose numbers are too wide', () => {
    const entry = (changes: Readonly<Record<number, RlpItem>>): RlpItem =>
      [uint(1n), new Uint8Array(20), uint(1n), uint(1n), uint(1n), uint(1n)].map((item, i) => changes[i] ?? item);
    for (const [index, item] of [
      [0, new Uint8Array(33).fill(1)],
      [2, new Uint8Array(9).fill(1)],
      [3, Uint8Array.of(1, 0)],
      [4, new Uint8Array(33).fill(1)],
      [5, Uint8Array.of(0)],
    ] as const) {
      expect(() => decodeTransaction(tampered(signedSetCode, { 9: [entry({ [index]: item })] }))).toThrow(
        refused('authorization: '),
      );
    }
    // What EIP-7702 lets stand is skipped later, not refused here.
    expect(decodeTransaction(tampered(signedSetCode, { 9: [entry({ 3: uint(255n) })] })).fields.type).toBe(4);
  });

  test('legacy v without a chain ID and with one', () => {
    expect(decodeTransaction(signTransaction(unprotected, key).raw).fields).toEqual(unprotected);
    expect(decodeTransaction(signedLegacy.raw).fields).toEqual(legacy);
    const zeroChain: UnsignedTransaction = { ...legacy, chainId: 0n };
    expect(decodeTransaction(signTransaction(zeroChain, key).raw).fields).toEqual(zeroChain);
  });
});

describe('encodeTransaction refuses fields that no transaction has', () => {
  const good = { yParity: 0, r: 1n, s: 1n } as const;

  test.each<[string, UnsignedTransaction]>([
    ['nonce', { ...legacy, nonce: 2n ** 64n - 1n }],
    ['nonce', { ...legacy, nonce: -1n }],
    ['gasLimit', { ...feeMarket, gasLimit: 2n ** 64n }],
    ['value', { ...feeMarket, value: 2n ** 256n }],
    ['chainId', { ...legacy, chainId: 2n ** 255n }],
    ['maxFeePerBlobGas', { ...blob, maxFeePerBlobGas: 2n ** 256n }],
    ['authorizationList', { ...setCode, authorizationList: [] }],
    ['authorization yParity', { ...setCode, authorizationList: [{ ...authorization, yParity: 256 }] }],
  ])('%s', (field, fields) => {
    expect(() => encodeTransaction(fields, good)).toThrow(refused(field));
    expect(() => signTransaction(fields, key)).toThrow(refused(field));
  });

  test('signature', () => {
    for (const change of [{ r: 0n }, { r: SECP256K1_ORDER }, { s: 0n }, { s: SECP256K1_HALF_ORDER + 1n }]) {
      expect(() => encodeTransaction(legacy, { ...good, ...change })).toThrow(refused(''));
    }
  });
});

describe('signatures', () => {
  test('sign, decode, recover', () => {
    for (const fields of [legacy, unprotected, feeMarket, blob, setCode]) {
      const signed = signTransaction(fields, key);
      expect(signed.sender).toBe(account);
      expect(recoverTransaction(decodeTransaction(signed.raw))).toEqual(signed);
    }
  });

  test('the example of EIP-155', () => {
    const signed = signTransaction(
      {
        type: 0,
        nonce: 9n,
        gasPrice: 20n * 10n ** 9n,
        gasLimit: 21_000n,
        to: '0x3535353535353535353535353535353535353535',
        value: 10n ** 18n,
        data: new Uint8Array(0),
        chainId: 1n,
      },
      new Uint8Array(32).fill(0x46),
    );
    expect(bytesToHex(signingDigest(signed.fields))).toBe(
      '0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53',
    );
    expect(bytesToHex(signed.raw)).toBe(
      '0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83',
    );
  });

  test('a signature without a signer recovers to null', () => {
    // No point of the curve has x = 5.
    expect(recoverTransaction(encodeTransaction(legacy, { yParity: 0, r: 5n, s: 1n }))).toBeNull();
  });

  test('authorizations', () => {
    const { yParity, r, s } = signDigest(authorizationDigest(authorization), key);
    const signed = { ...authorization, yParity, r, s };
    expect(recoverAuthority(signed)).toBe(account);
    expect(recoverAuthority({ ...signed, nonce: 1n })).not.toBe(account);
    expect(recoverAuthority({ ...signed, yParity: 1 - yParity, s: SECP256K1_ORDER - s })).toBeNull();
    expect(recoverAuthority({ ...signed, yParity: 27 })).toBeNull();
    expect(recoverAuthority({ ...signed, r: 0n })).toBeNull();
  });
});

describe('against @ethereumjs/tx', () => {
  const withoutBlobs = (): never => {
    throw new Error('a type 3 comes without its blobs');
  };
  // The library reads a type 3 only if it could check its blobs.
  const kzg = {
    blobToKzgCommitment: withoutBlobs,
    computeBlobProof: withoutBlobs,
    verifyProof: withoutBlobs,
    verifyBlobProofBatch: withoutBlobs,
    computeCells: withoutBlobs,
    computeCellsAndProofs: withoutBlobs,
    recoverCellsAndProofs: withoutBlobs,
    verifyCellKzgProofBatch: withoutBlobs,
  };
  const chain = new Common({
    chain: { ...Mainnet, chainId: 31337 },
    hardfork: Hardfork.Osaka,
    customCrypto: { kzg },
  });
  const u64 = 2n ** 63n;

  /** What both libraries accept: one chain, no value above what fees can pay, valid authorizations. */
  function tame(fields: UnsignedTransaction): UnsignedTransaction {
    // EIP-7825 caps a transaction at 2^24 gas.
    const gasLimit = (fields.gasLimit % 2n ** 23n) + 1_000_000n;
    const shared = { gasLimit };
    if (fields.type === 0) {
      return {
        ...fields,
        ...shared,
        chainId: fields.chainId === null ? null : 31337n,
        gasPrice: fields.gasPrice % u64,
      };
    }
    if (fields.type === 1) return { ...fields, ...shared, chainId: 31337n, gasPrice: fields.gasPrice % u64 };
    const maxFeePerGas = fields.maxFeePerGas % u64;
    const priced = { ...shared, chainId: 31337n, maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas / 2n };
    if (fields.type === 2) return { ...fields, ...priced };
    if (fields.type === 3) {
      // Theirs judges the number of blobs and the version of their hashes.
      const hashes = [...fields.blobVersionedHashes, fields.blobVersionedHashes[0] ?? `0x${'00'.repeat(32)}`];
      const blobVersionedHashes = hashes.map((hash): Hash => `0x01${hash.slice(4)}`);
      return { ...fields, ...priced, maxFeePerBlobGas: fields.maxFeePerBlobGas % u64, blobVersionedHashes };
    }
    const authorizationList = fields.authorizationList.map((entry) => ({
      ...entry,
      yParity: entry.yParity % 2,
      r: (entry.r % (SECP256K1_ORDER - 1n)) + 1n,
      s: (entry.s % SECP256K1_HALF_ORDER) + 1n,
    }));
    return { ...fields, ...priced, authorizationList };
  }

  test('the same bytes, hash and sender, made and read', () => {
    fc.assert(
      fc.property(transactionFields, (random) => {
        const fields = tame(random);
        const ours = signTransaction(fields, key);
        const read = createTxFromRLP(ours.raw, { common: chain });
        expect(bytesToHex(read.serialize())).toBe(bytesToHex(ours.raw));
        expect(bytesToHex(read.hash())).toBe(ours.hash);
        expect(read.getSenderAddress().toString()).toBe(account);
        expect(bytesToHex(read.getHashedMessageToSign())).toBe(bytesToHex(signingDigest(fields)));
        expect(read).toMatchObject({ nonce: fields.nonce, gasLimit: fields.gasLimit, value: fields.value });
        expect([read.to?.toString() ?? null, bytesToHex(read.data)]).toEqual([fields.to, bytesToHex(fields.data)]);
        // Their `sign` makes a protected signature of every legacy transaction.
        if (fields.chainId !== null) expect(bytesToHex(read.sign(key).serialize())).toBe(bytesToHex(ours.raw));
      }),
      { numRuns: 100 },
    );
  });

  test('over tampered bytes: where both find a sender, it is the same', () => {
    fc.assert(
      fc.property(signedTransaction, fc.nat(), fc.integer({ min: 0, max: 255 }), (random, at, byte) => {
        const raw = signTransaction(tame(random.fields), key).raw.slice();
        raw[at % raw.length] = byte;
        const ours = attempt(() => recoverTransaction(decodeTransaction(raw))?.sender ?? null);
        const theirs = attempt(() => createTxFromRLP(raw, { common: chain }).getSenderAddress().toString());
        // Theirs judges chain ID, fees and gas too, and lets a few encodings pass that are not canonical.
        if (ours !== null && theirs !== null) expect(ours).toBe(theirs);
      }),
      { numRuns: 200 },
    );
  });

  function attempt(run: () => string | null): string | null {
    try {
      return run();
    } catch {
      return null;
    }
  }
});

test('the hash is keccak256 of the bytes', () => {
  const { raw, hash } = signTransaction(feeMarket, key);
  expect(hash).toBe(bytesToHex(keccak256(raw)));
  expect(bytesToBigint(raw.subarray(0, 1))).toBe(2n);
});
