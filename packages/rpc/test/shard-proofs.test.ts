import { hexToBytes } from '@heddle/primitives';
import {
  type CallMessage,
  decodeBlockHeader,
  decodeChunkHeader,
  hashBlockHeader,
  hashChunkHeader,
  signTransaction,
  ZERO_HASH,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { isUncheckedObject } from '../src/json.ts';
import { ALICE, BOB, CHAIN_ID, KEYS } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const ID = `0x${'51'.repeat(32)}` as const;
const ABSENT = `0x${'12'.repeat(32)}`;

function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new Error('not bytes');
  return hexToBytes(`0x${value.slice(2)}`);
}

function message(sequence: bigint, destination: number): CallMessage {
  const fields = {
    type: 0,
    chainId: CHAIN_ID,
    nonce: 0n,
    gasPrice: 1n,
    gasLimit: 21_000n,
    to: BOB,
    value: 9n,
    data: new Uint8Array(),
  } as const;
  const transaction = signTransaction(fields, hexToBytes(KEYS[0]));
  const place = { source: 0, destination, sourceHeight: 5n, sequence };
  const terms = { feeTerms: { baseFeePerGas: 1n, effectiveGasPrice: 1n }, sourceGasUsed: 0n, calldataFloorGas: 0n };
  const ends = { originTx: transaction.hash, sender: ALICE, target: BOB, value: 9n };
  return { kind: 'call', id: ID, transaction, ...place, ...terms, ...ends };
}

describe('messages by id', () => {
  test('with every place that they had', async () => {
    harness().node.messagePlaces = [
      { message: message(3n, 1), emittedIn: 5n, deliveredIn: 6n },
      { message: message(0n, 0), emittedIn: 6n, deliveredIn: null },
    ];
    expect(await harness().call('shard_getMessage', ID)).toMatchObject({
      id: ID,
      kind: 'call',
      sender: ALICE,
      target: BOB,
      value: '0x9',
      places: [
        { source: 0, destination: 1, sequence: '0x3', emittedIn: '0x5', deliveredIn: '0x6' },
        { source: 0, destination: 0, sequence: '0x0', emittedIn: '0x6', deliveredIn: null },
      ],
    });
    expect(await harness().call('shard_getMessage', ABSENT)).toBeNull();
  });
});

describe('a shard’s head', () => {
  test('says what its next chunk stands on and how much of it is asked', async () => {
    harness().node.mine();
    expect(await harness().call('shard_getHead', 1)).toMatchObject({
      shard: 1,
      blockNumber: '0x1',
      nextBaseFeePerGas: '0x8',
      missedHeights: 2,
      queuedMessages: 3,
      allowances: ['0x4', '0x0'],
      chunk: { shard: 1, height: '0x1' },
    });
    expect(await harness().fail('shard_getHead', 2)).toMatchObject({ code: -32602 });
  });
});

describe('proofs of a block', () => {
  test('the certificate, who signed it, and what they signed', async () => {
    const { hash } = harness().node.mine();
    const validators = Array.from({ length: 4 }, () => ({
      publicKey: new Uint8Array(48),
      proofOfPossession: new Uint8Array(96),
    }));
    const tuple = {
      epoch: 0n,
      view: 7n,
      parentView: 6n,
      parentHash: ZERO_HASH,
      blockHash: hash,
      justificationRoot: ZERO_HASH,
    };
    harness().node.certificate = {
      certificate: { kind: 'finalize', tuple, bitmap: Uint8Array.of(0b1101), aggregate: new Uint8Array(96) },
      certifiedNumber: 1n,
      validators: { epoch: 0n, validators, hash: ZERO_HASH },
      message: new Uint8Array(32),
    };
    expect(await harness().call('shard_getCertificate', 'latest')).toMatchObject({
      blockNumber: '0x1',
      blockHash: hash,
      certifiedNumber: '0x1',
      certifiedHash: hash,
      tuple: { view: '0x7', blockHash: hash },
      signers: [0, 2, 3],
      bitmap: '0x0d',
      validators: validators.map(() => `0x${'0'.repeat(96)}`),
    });
    expect(await harness().call('shard_getCertificate', 'earliest')).toBeNull();
    expect(await harness().call('shard_getCertificate', ABSENT)).toBeNull();
  });

  test('the parts of a block hash to what its header says', async () => {
    const { hash, block } = harness().node.mine();
    const proof = await harness().call('shard_getBlockProof', hash);
    if (!isUncheckedObject(proof) || !Array.isArray(proof.chunks)) throw new Error('no proof');
    const chunks: readonly unknown[] = proof.chunks;
    expect(hashBlockHeader(decodeBlockHeader(bytesOf(proof.header)))).toBe(hash);
    const hashes = chunks.map((chunk) =>
      hashChunkHeader(decodeChunkHeader(bytesOf(isUncheckedObject(chunk) ? chunk.header : null))),
    );
    expect(hashes).toEqual(block.chunks.map((chunk) => hashChunkHeader(chunk.header)));
    expect(proof).toMatchObject({
      blockNumber: '0x1',
      stateRoots: block.chunks.map((chunk) => chunk.header.stateRoot),
    });
    expect(await harness().call('shard_getBlockProof', '0x9')).toBeNull();
  });
});
