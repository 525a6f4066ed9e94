import { createHash } from 'node:crypto';
import {
  bytesToHex,
  decodeRlp,
  encodeRlp,
  hexToBytes,
  keccak256Hex,
  merkleRootOfHashes,
  type RlpItem,
} from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as types from '../src/index.ts';
import * as arbitrary from './arbitraries.ts';

const hashOf = (byte: number): types.Hash => bytesToHex(new Uint8Array(32).fill(byte));
const sha256Hex = (hex: string): string => `0x${createHash('sha256').update(hex, 'hex').digest('hex')}`;

const domain: types.SigningDomain = {
  genesisHash: hashOf(0xaa),
  chainId: 31337n,
  epoch: 3n,
  validatorSetHash: hashOf(0xbb),
};
const tuple: types.ProposalTuple = {
  epoch: 3n,
  view: 9n,
  parentView: 7n,
  parentHash: hashOf(1),
  blockHash: hashOf(2),
  justificationRoot: hashOf(3),
};

const listItems = (item: RlpItem | undefined): readonly RlpItem[] =>
  item === undefined || item instanceof Uint8Array ? [] : item;

describe('signed messages', () => {
  const idHex = `${'0000000000000003'}${'0000000000000009'}${'0000000000000007'}${'01'.repeat(32)}${'02'.repeat(32)}${'03'.repeat(32)}`;
  const prefix = `${'aa'.repeat(32)}${'7a69'.padStart(64, '0')}${'0000000000000003'}${'bb'.repeat(32)}`;
  const view = '0000000000000009';

  test('layout, byte for byte', () => {
    const id = sha256Hex(idHex).slice(2);
    expect(bytesToHex(types.proposalId(tuple))).toBe(`0x${id}`);
    const chunk = { shard: 5, parentBlockHash: hashOf(4), chunkHash: hashOf(6), height: 77n };
    const place = `00000005${'04'.repeat(32)}${'06'.repeat(32)}`;
    const cases: readonly (readonly [types.SigningRequest, string, number])[] = [
      [{ kind: 'propose', tuple }, `01${prefix}${view}${id}`, 145],
      [{ kind: 'notarize', tuple }, `02${prefix}${view}${id}`, 145],
      [{ kind: 'nullify', epoch: 3n, view: 9n }, `03${prefix}${view}`, 113],
      [{ kind: 'finalize', tuple }, `04${prefix}${view}${id}`, 145],
      [{ kind: 'endorse', ...chunk }, `05${prefix}${place}`, 173],
      [{ kind: 'produce', ...chunk }, `06${prefix}${place}`, 173],
      [{ kind: 'randao', epoch: 3n, view: 9n }, `07${prefix}${view}`, 113],
    ];
    for (const [request, layout, length] of cases) {
      expect(layout.length / 2).toBe(length);
      expect([request.kind, bytesToHex(types.signingMessage(domain, request))]).toEqual([
        request.kind,
        sha256Hex(layout),
      ]);
    }
  });

  test('the epoch is the one that the vote names, not the domain’s', () => {
    const other = { ...tuple, epoch: 4n };
    const moved = prefix.replace('0000000000000003', '0000000000000004');
    const id = bytesToHex(types.proposalId(other)).slice(2);
    expect(bytesToHex(types.signingMessage(domain, { kind: 'finalize', tuple: other }))).toBe(
      sha256Hex(`04${moved}${view}${id}`),
    );
    expect(bytesToHex(types.signingMessage(domain, { kind: 'nullify', epoch: 4n, view: 9n }))).toBe(
      sha256Hex(`03${moved}${view}`),
    );
  });

  test('everything that is signed counts', () => {
    const messages = new Set<string>();
    const add = (request: types.SigningRequest, changed: types.SigningDomain = domain): void => {
      messages.add(bytesToHex(types.signingMessage(changed, request)));
    };
    const request = { kind: 'notarize', tuple } as const;
    add(request);
    add(request, { ...domain, genesisHash: hashOf(0) });
    add(request, { ...domain, chainId: 1n });
    add(request, { ...domain, validatorSetHash: hashOf(0) });
    for (const change of [
      { epoch: 4n },
      { view: 10n },
      { parentView: 6n },
      { parentHash: hashOf(9) },
      { blockHash: hashOf(9) },
      { justificationRoot: hashOf(9) },
    ]) {
      add({ kind: 'notarize', tuple: { ...tuple, ...change } });
    }
    add({ kind: 'nullify', epoch: 3n, view: 9n });
    add({ kind: 'nullify', epoch: 4n, view: 9n });
    expect(messages.size).toBe(12);
  });
});

describe('hashes', () => {
  test('justificationRoot', () => {
    fc.assert(
      fc.property(arbitrary.tupleCertificate, arbitrary.nullifyCertificate, (parent, skip) => {
        const parentHash = sha256Hex(bytesToHex(types.encodeCertificate(parent)).slice(2));
        const skipHash = sha256Hex(bytesToHex(types.encodeCertificate(skip)).slice(2));
        expect(types.hashCertificate(parent)).toBe(parentHash);
        expect(types.justificationRoot(parent, [skip, skip])).toBe(
          sha256Hex(parentHash.slice(2) + skipHash.slice(2) + skipHash.slice(2)),
        );
      }),
      { numRuns: 10 },
    );
    expect(types.justificationRoot(null, [])).toBe(sha256Hex('00'.repeat(32)));
  });

  test('hashValidators depends on keys and order only', () => {
    const validators = [1, 2].map((byte) => ({
      publicKey: new Uint8Array(48).fill(byte),
      proofOfPossession: new Uint8Array(96).fill(byte),
    }));
    const expected = keccak256Hex(encodeRlp(validators.map(({ publicKey }) => publicKey)));
    expect(types.hashValidators(validators)).toBe(expected);
    expect(types.hashValidators([...validators].reverse())).not.toBe(expected);
    const otherProofs = validators.map(({ publicKey }) => ({ publicKey, proofOfPossession: new Uint8Array(96) }));
    expect(types.hashValidators(otherProofs)).toBe(expected);
  });

  test('blockExtraData', () => {
    fc.assert(
      fc.property(arbitrary.block, (block) => {
        const { section } = block;
        const headers = block.chunks.map((chunk) => chunk.header);
        const [, view, leader, randaoReveal, chunks] = items(types.encodeBlock(block));
        const sectionHeader = section === null ? null : types.encodeSectionHeader(section.header);
        const certificates = listItems(chunks).map((chunk) => listItems(chunk)[1] ?? []);
        const encoded = encodeRlp([
          view ?? [],
          leader ?? [],
          randaoReveal ?? [],
          hexToBytes(merkleRootOfHashes(headers.map((header) => keccak256Hex(types.encodeChunkHeader(header))))),
          sectionHeader === null ? new Uint8Array(0) : hexToBytes(keccak256Hex(sectionHeader)),
          hexToBytes(keccak256Hex(encodeRlp(certificates))),
        ]);
        const made = types.blockExtraData(
          block.view,
          block.leader,
          block.randaoReveal,
          block.chunks,
          section?.header ?? null,
        );
        expect(bytesToHex(made)).toBe(keccak256Hex(encoded));
      }),
      { numRuns: 20 },
    );
  });
});

describe('quorums and bitmaps', () => {
  test('two quorums of any n share an honest validator; one quorum is enough honest ones', () => {
    for (let n = 1; n <= 1024; n++) {
      const q = types.quorum(n);
      const faulty = Math.floor((n - 1) / 3);
      expect(2 * q - n).toBeGreaterThan(faulty);
      expect(q).toBeLessThanOrEqual(n - faulty);
    }
    expect([1, 2, 3, 4, 5, 6, 7, 10].map(types.quorum)).toEqual([1, 2, 3, 3, 4, 5, 5, 7]);
  });

  test('round trip', () => {
    const sets = fc
      .integer({ min: 1, max: 1024 })
      .chain((n) => fc.tuple(fc.constant(n), fc.subarray([...Array(n).keys()])));
    fc.assert(
      fc.property(sets, ([n, signers]) => {
        const bitmap = types.bitmapOf([...signers].reverse(), n);
        expect(bitmap).toHaveLength(Math.ceil(n / 8));
        expect(types.signersOf(bitmap, n)).toEqual(signers);
      }),
      { numRuns: 30 },
    );
    expect(types.bitmapOf([0, 9], 10)).toEqual(Uint8Array.of(1, 2));
  });

  test('refusals', () => {
    const refused = expect.objectContaining({ code: 'INVALID_BITMAP' });
    expect(() => types.signersOf(Uint8Array.of(0b10000), 4)).toThrow(refused);
    expect(() => types.signersOf(Uint8Array.of(1, 0), 8)).toThrow(refused);
    expect(() => types.signersOf(new Uint8Array(0), 1)).toThrow(refused);
    expect(types.signersOf(Uint8Array.of(0b1111), 4)).toEqual([0, 1, 2, 3]);
    const bug = expect.objectContaining({ code: 'IMPOSSIBLE_STATE' });
    expect(() => types.bitmapOf([4], 4)).toThrow(bug);
    expect(() => types.bitmapOf([1, 1], 4)).toThrow(bug);
    expect(() => types.quorum(0)).toThrow(bug);
    expect(() => types.quorum(1025)).toThrow(bug);
  });
});

test('an encoder refuses what its decoder would', () => {
  const signature = new Uint8Array(192);
  const vote = { kind: 'nullify', epoch: 1n, view: 1n, signer: 0, signature } as const;
  const certificate = {
    kind: 'nullify',
    epoch: 1n,
    view: 1n,
    bitmap: new Uint8Array(1),
    aggregate: new Uint8Array(96),
  } as const;
  const attempts: readonly (() => unknown)[] = [
    () => types.encodeVote({ ...vote, epoch: 2n ** 64n }),
    () => types.encodeVote({ ...vote, view: -1n }),
    () => types.encodeVote({ ...vote, signer: 1024 }),
    () => types.encodeVote({ ...vote, signer: 0.5 }),
    () => types.encodeVote({ ...vote, signature: new Uint8Array(191) }),
    () => types.encodeVote({ ...vote, kind: 'notarize', tuple: { ...tuple, parentHash: '0x01' } }),
    () => types.encodeCertificate({ ...certificate, bitmap: new Uint8Array(129) }),
  ];
  for (const attempt of attempts) expect(attempt).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
  expect(types.encodeVote(vote)).toHaveLength(200);
  expect(types.encodeCertificate(certificate)).toHaveLength(104);
});

describe('a part in the wrong place is refused', () => {
  const refused = (reason: string): unknown =>
    expect.objectContaining({
      code: 'INVALID_ENCODING',
      facts: expect.objectContaining({ reason: expect.stringContaining(reason) }),
    });
  const [proposal] = fc.sample(arbitrary.proposal, { numRuns: 1, seed: 1 });
  const [notarization] = fc.sample(
    arbitrary.tupleCertificate.map((certificate) => ({ ...certificate, kind: 'notarize' as const })),
    { numRuns: 1, seed: 1 },
  );
  const [nullification] = fc.sample(arbitrary.nullifyCertificate, { numRuns: 1, seed: 1 });
  if (proposal === undefined || notarization === undefined || nullification === undefined) throw new Error('samples');

  const replaced = (bytes: Uint8Array, index: number, item: RlpItem): Uint8Array =>
    encodeRlp(items(bytes).map((old, i) => (i === index ? item : old)));
  const certificateItem = (certificate: types.Certificate): RlpItem => decodeRlp(types.encodeCertificate(certificate));

  test('in a proposal', () => {
    const bytes = types.encodeProposal(proposal);
    expect(() => types.decodeProposal(replaced(bytes, 2, certificateItem(nullification)))).toThrow(
      refused('a nullification stands where a block is certified'),
    );
    expect(() => types.decodeProposal(replaced(bytes, 3, [certificateItem(notarization)]))).toThrow(
      refused('a notarize stands where a view is skipped'),
    );
    const finalize = decodeRlp(types.encodeVote({ ...proposal.leaderNotarize, kind: 'finalize' }));
    expect(() => types.decodeProposal(replaced(bytes, 5, finalize))).toThrow(refused('not a notarize vote'));
    // Null is the empty string; the empty list is nothing.
    expect(types.decodeProposal(replaced(bytes, 2, new Uint8Array(0))).parentCertificate).toBeNull();
    expect(() => types.decodeProposal(replaced(bytes, 2, []))).toThrow(refused('0 fields'));
  });

  test('in a status', () => {
    const bytes = types.encodeStatus({ epoch: 0n, currentView: 1n, bestFinalization: null });
    expect(bytesToHex(bytes)).toBe('0xc3800180');
    expect(() => types.decodeStatus(replaced(bytes, 2, certificateItem(notarization)))).toThrow(
      refused('not a finalization'),
    );
  });

  test('tags of other messages', () => {
    const vote = types.encodeVote(proposal.leaderNotarize);
    for (const tag of [0, 1, 5, 6, 7]) {
      const item = tag === 0 ? new Uint8Array(0) : Uint8Array.of(tag);
      expect(() => types.decodeVote(replaced(vote, 0, item))).toThrow(refused(`tag ${tag} is neither`));
      expect(() => types.decodeCertificate(replaced(types.encodeCertificate(notarization), 0, item))).toThrow(
        refused(`tag ${tag} is neither`),
      );
    }
  });

  test('a message of a kind that is not built yet', () => {
    const [credit] = fc.sample(
      arbitrary.message.filter(({ kind }) => kind === 'credit'),
      { numRuns: 1, seed: 1 },
    );
    if (credit === undefined) throw new Error('samples');
    const bytes = types.encodeMessage(credit);
    for (const kind of [1, 2, 3]) {
      expect(() => types.decodeMessage(replaced(bytes, 0, Uint8Array.of(kind)))).toThrow(
        refused(`unknown kind ${kind}`),
      );
    }
    expect(() => types.decodeMessage(replaced(bytes, 0, new Uint8Array(0)))).toThrow(refused('10 fields, not 15'));
  });
});

describe('block access list', () => {
  const account = (changes: Partial<types.AccountAccess>): types.AccountAccess => ({
    address: '0x0000000000000000000000000000000000000001',
    storageChanges: [],
    storageReads: [],
    balanceChanges: [],
    nonceChanges: [],
    codeChanges: [],
    ...changes,
  });
  const change = (index: number): { index: number; value: bigint } => ({ index, value: 1n });

  test.each<[string, types.BlockAccessList, string]>([
    ['accounts twice', [account({}), account({})], 'addresses'],
    ['reads out of order', [account({ storageReads: [2n, 1n] })], 'read slots'],
    ['reads twice', [account({ storageReads: [1n, 1n] })], 'read slots'],
    [
      'slots out of order',
      [
        account({
          storageChanges: [
            { slot: 2n, changes: [change(0)] },
            { slot: 1n, changes: [change(0)] },
          ],
        }),
      ],
      'changed slots',
    ],
    ['no change of a changed slot', [account({ storageChanges: [{ slot: 1n, changes: [] }] })], 'has no change'],
    [
      'a changed slot read',
      [account({ storageChanges: [{ slot: 1n, changes: [change(0)] }], storageReads: [1n] })],
      'listed as read',
    ],
    ['an index twice', [account({ storageChanges: [{ slot: 1n, changes: [change(1), change(1)] }] })], 'indices'],
    [
      'balances out of order',
      [
        account({
          balanceChanges: [
            { index: 2, balance: 0n },
            { index: 1, balance: 0n },
          ],
        }),
      ],
      'indices',
    ],
    [
      'nonces out of order',
      [
        account({
          nonceChanges: [
            { index: 2, nonce: 0n },
            { index: 1, nonce: 0n },
          ],
        }),
      ],
      'indices',
    ],
    [
      'codes out of order',
      [
        account({
          codeChanges: [
            { index: 1, code: new Uint8Array(0) },
            { index: 1, code: new Uint8Array(1) },
          ],
        }),
      ],
      'indices',
    ],
  ])('%s', (_name, list, reason) => {
    // The encoder refuses to write it, so it is written by hand.
    expect(() => types.encodeAccessList(list)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
    expect(() => types.decodeAccessList(encodeUnchecked(list))).toThrow(reason);
  });

  test('hash', () => {
    fc.assert(
      fc.property(arbitrary.blockAccessList, (list) =>
        expect(types.hashAccessList(list)).toBe(keccak256Hex(encodeUnchecked(list))),
      ),
      { numRuns: 20 },
    );
    expect(types.hashAccessList([])).toBe(types.EMPTY_OMMERS_HASH);
  });
});

function items(bytes: Uint8Array): readonly RlpItem[] {
  const item = decodeRlp(bytes);
  if (item instanceof Uint8Array) throw new Error('a list is expected');
  return item;
}

/** EIP-7928, written out a second time. */
function encodeUnchecked(list: types.BlockAccessList): Uint8Array {
  const uint = (value: bigint | number): Uint8Array => {
    const hex = value.toString(16);
    return value === 0n || value === 0 ? new Uint8Array(0) : hexToBytes(`0x${hex.length % 2 === 0 ? '' : '0'}${hex}`);
  };
  return encodeRlp(
    list.map((account) => [
      hexToBytes(account.address),
      account.storageChanges.map(({ slot, changes }) => [
        uint(slot),
        changes.map(({ index, value }) => [uint(index), uint(value)]),
      ]),
      account.storageReads.map(uint),
      account.balanceChanges.map(({ index, balance }) => [uint(index), uint(balance)]),
      account.nonceChanges.map(({ index, nonce }) => [uint(index), uint(nonce)]),
      account.codeChanges.map(({ index, code }) => [uint(index), code]),
    ]),
  );
}
