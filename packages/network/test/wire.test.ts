import { encodeRlp, encodeUint } from '@heddle/primitives';
import {
  type Block,
  type BlockHeader,
  type Chunk,
  type ChunkHeader,
  EMPTY_BLOOM,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  type Proposal,
  type ProposalTuple,
  type TupleCertificate,
  type TupleVote,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import {
  decodeBlockResponse,
  decodeChunkResponse,
  decodePoolResponse,
  decodeRangeResponse,
  decodeWireMessage,
  decodeWireRequest,
  encodeBlockResponse,
  encodeChunkResponse,
  encodePoolResponse,
  encodeRangeResponse,
  encodeWireMessage,
  encodeWireRequest,
  type WireMessage,
  type WireRequest,
} from '../src/index.ts';

const SIGNATURE = new Uint8Array(192).fill(5);
const AGGREGATE = new Uint8Array(96).fill(5);
const HASH = `0x${'ab'.repeat(32)}` as const;

const CHUNK_HEADER: ChunkHeader = {
  shard: 1,
  height: 9n,
  parentChunkHash: HASH,
  parentBlockHash: HASH,
  stateRoot: EMPTY_TRIE_ROOT,
  transactionsRoot: EMPTY_TRIE_ROOT,
  dispatchedRoot: EMPTY_TRIE_ROOT,
  receiptsRoot: EMPTY_TRIE_ROOT,
  logsBloom: EMPTY_BLOOM,
  gasUsed: 21_000n,
  gasLimit: 30_000_000n,
  baseFeePerGas: 7n,
  timestamp: 1_700_000_000n,
  coinbase: ZERO_ADDRESS,
  accessListHash: HASH,
  bodyRoot: HASH,
  outboxRoot: HASH,
  inboundCursors: [1n, 2n],
  queuedWeight: 0n,
  placementsRoot: HASH,
  coveredHeight: 9n,
  producer: 2,
};

const CHUNK: Chunk = {
  header: CHUNK_HEADER,
  body: { transactions: [Uint8Array.of(1, 2, 3)], accessList: [] },
  signature: SIGNATURE,
};

const HEADER: BlockHeader = {
  parentHash: HASH,
  ommersHash: EMPTY_OMMERS_HASH,
  coinbase: ZERO_ADDRESS,
  stateRoot: EMPTY_TRIE_ROOT,
  transactionsRoot: EMPTY_TRIE_ROOT,
  receiptsRoot: EMPTY_TRIE_ROOT,
  logsBloom: EMPTY_BLOOM,
  difficulty: 0n,
  number: 9n,
  gasLimit: 60_000_000n,
  gasUsed: 21_000n,
  timestamp: 1_700_000_000n,
  extraData: new Uint8Array(32),
  mixHash: HASH,
  nonce: new Uint8Array(8),
  baseFeePerGas: 7n,
  withdrawalsRoot: EMPTY_TRIE_ROOT,
  blobGasUsed: 0n,
  excessBlobGas: 0n,
  parentBeaconBlockRoot: HASH,
  requestsHash: EMPTY_REQUESTS_HASH,
};

const CERTIFICATE = {
  shard: 1,
  parentBlockHash: HASH,
  chunkHash: HASH,
  bitmap: Uint8Array.of(7),
  aggregate: AGGREGATE,
};
const BLOCK: Block = {
  header: HEADER,
  view: 11n,
  leader: 3,
  randaoReveal: SIGNATURE,
  chunks: [{ header: CHUNK_HEADER, certificate: CERTIFICATE, placements: [{ address: ZERO_ADDRESS, shard: 1 }] }],
};

const TUPLE: ProposalTuple = {
  epoch: 1n,
  view: 11n,
  parentView: 10n,
  parentHash: HASH,
  blockHash: ZERO_HASH,
  justificationRoot: HASH,
};
const VOTE: TupleVote = { kind: 'notarize', tuple: TUPLE, signer: 3, signature: SIGNATURE };
const FINALIZATION: TupleCertificate = {
  kind: 'finalize',
  tuple: TUPLE,
  bitmap: Uint8Array.of(7),
  aggregate: AGGREGATE,
};
const PROPOSAL: Proposal = {
  tuple: TUPLE,
  block: BLOCK,
  parentCertificate: FINALIZATION,
  skipCertificates: [{ kind: 'nullify', epoch: 1n, view: 10n, bitmap: Uint8Array.of(7), aggregate: AGGREGATE }],
  leaderSignature: SIGNATURE,
  leaderNotarize: VOTE,
};

const MESSAGES: readonly WireMessage[] = [
  { kind: 'proposal', proposal: PROPOSAL },
  { kind: 'vote', vote: VOTE },
  { kind: 'vote', vote: { kind: 'nullify', epoch: 1n, view: 2n, signer: 0, signature: SIGNATURE } },
  { kind: 'certificate', certificate: FINALIZATION },
  { kind: 'certificateRequest', epoch: 0n, view: 0n },
  { kind: 'certificateRequest', epoch: 2n ** 64n - 1n, view: 1n },
  { kind: 'status', status: { epoch: 1n, currentView: 12n, bestFinalization: null } },
  { kind: 'status', status: { epoch: 1n, currentView: 12n, bestFinalization: FINALIZATION } },
  { kind: 'chunk', chunk: CHUNK },
  { kind: 'endorsement', endorsement: Uint8Array.of(1, 2, 3) },
  { kind: 'evidence', evidence: Uint8Array.of(4, 5) },
  { kind: 'transactions', transactions: [] },
  { kind: 'transactions', transactions: [Uint8Array.of(2, 3), new Uint8Array(300)] },
];

const REQUESTS: readonly WireRequest[] = [
  { kind: 'chunkRequest', hash: HASH },
  { kind: 'blockRequest', hash: HASH },
  { kind: 'rangeRequest', from: 1n, to: 128n },
  { kind: 'rangeRequest', from: 5n, to: 5n },
  { kind: 'poolRequest' },
];

const invalid = expect.objectContaining({ code: 'INVALID_WIRE_MESSAGE' });
const packr = new Packr({ useRecords: false, variableMapSize: true });
const pack = (value: unknown): Uint8Array => packr.pack(value);

const decoders: readonly ((bytes: Uint8Array) => unknown)[] = [
  decodeWireMessage,
  decodeWireRequest,
  decodeChunkResponse,
  decodeBlockResponse,
  decodeRangeResponse,
  decodePoolResponse,
];

describe('round trips', () => {
  test.each(MESSAGES.map((message) => [message.kind, message] as const))('message %s', (_, message) => {
    expect(decodeWireMessage(encodeWireMessage(message))).toEqual(message);
  });

  test.each(REQUESTS.map((request) => [request.kind, request] as const))('request %s', (_, request) => {
    expect(decodeWireRequest(encodeWireRequest(request))).toEqual(request);
  });

  test('responses', () => {
    for (const chunk of [CHUNK, null]) expect(decodeChunkResponse(encodeChunkResponse(chunk))).toEqual(chunk);
    for (const block of [BLOCK, null]) expect(decodeBlockResponse(encodeBlockResponse(block))).toEqual(block);
    const ranges = [
      { blocks: [], bestFinalization: null },
      {
        blocks: [
          { block: BLOCK, chunks: [CHUNK, CHUNK] },
          { block: BLOCK, chunks: [] },
        ],
        bestFinalization: FINALIZATION,
      },
    ];
    for (const range of ranges) expect(decodeRangeResponse(encodeRangeResponse(range))).toEqual(range);
    const transactions = [Uint8Array.of(1), new Uint8Array(500)];
    expect(decodePoolResponse(encodePoolResponse(transactions))).toEqual(transactions);
  });
});

test('the wire form is pinned', () => {
  const bytes = encodeWireMessage({ kind: 'certificateRequest', epoch: 3n, view: 5n });
  const expected = [0x82, 0xa4, ...Buffer.from('kind'), 0xb2, ...Buffer.from('certificateRequest')];
  expect([...bytes]).toEqual([...expected, 0xa7, ...Buffer.from('payload'), 0xc4, 3, 0xc2, 3, 5]);
});

describe('too much', () => {
  test('what no peer would take is not encoded', () => {
    const tooLarge = expect.objectContaining({ code: 'MESSAGE_TOO_LARGE' });
    const megabyte = new Uint8Array(1_024 * 1_024);
    expect(() => encodeWireMessage({ kind: 'transactions', transactions: [megabyte] })).toThrow(tooLarge);
    expect(() => encodeWireMessage({ kind: 'endorsement', endorsement: new Uint8Array(1_025) })).toThrow(tooLarge);
    const body = { transactions: Array.from({ length: 17 }, () => megabyte), accessList: [] };
    expect(() => encodeWireMessage({ kind: 'chunk', chunk: { ...CHUNK, body } })).toThrow(tooLarge);
  });

  test('nor decoded', () => {
    const oversized = [
      pack({ kind: 'vote', payload: new Uint8Array(1_025) }),
      pack({ kind: 'transactions', payload: encodeRlp([new Uint8Array(1_024 * 1_024)]) }),
      pack({ kind: 'transactions', payload: encodeRlp(Array.from({ length: 8_193 }, () => Uint8Array.of(1))) }),
      new Uint8Array(17 * 1_024 * 1_024),
    ];
    for (const bytes of oversized) expect(() => decodeWireMessage(bytes)).toThrow(invalid);
  });

  test('ranges and pools are cut to what fits', () => {
    const body = { transactions: [new Uint8Array(10 * 1_024 * 1_024)], accessList: [] };
    const blocks = Array.from({ length: 5 }, () => ({ block: BLOCK, chunks: [{ ...CHUNK, body }] }));
    const range = decodeRangeResponse(encodeRangeResponse({ blocks, bestFinalization: FINALIZATION }));
    expect(range.blocks).toHaveLength(3);
    const many = Array.from({ length: 200 }, () => ({ block: BLOCK, chunks: [] }));
    expect(decodeRangeResponse(encodeRangeResponse({ blocks: many, bestFinalization: null })).blocks).toHaveLength(128);
    const pool = Array.from({ length: 100 }, () => new Uint8Array(128 * 1_024));
    expect(decodePoolResponse(encodePoolResponse(pool))).toHaveLength(63);
  });
});

describe('bad bytes', () => {
  test('kinds of other channels, unknown kinds and other forms are refused', () => {
    const payload = encodeRlp([encodeUint(3), encodeUint(5)]);
    const bad = [
      pack({ kind: 'nonsense', payload }),
      pack({ kind: 'toString', payload }),
      pack({ kind: '__proto__', payload }),
      pack({ kind: 'poolRequest', payload: encodeRlp([]) }),
      pack({ kind: 'certificateRequest', payload, extra: 1 }),
      pack({ payload, kind: 'certificateRequest' }),
      pack({ kind: 'certificateRequest' }),
      pack({ kind: 'certificateRequest', payload: 'text' }),
      pack({ kind: 'certificateRequest', payload: [1, 2] }),
      pack({ kind: 5, payload }),
      pack(['certificateRequest', payload]),
      pack(null),
      new Packr().pack({ kind: 'certificateRequest', payload }),
      new Uint8Array(0),
    ];
    for (const bytes of bad) expect(() => decodeWireMessage(bytes)).toThrow(invalid);
  });

  test('payloads that are not canonical are refused', () => {
    const request = (payload: Uint8Array): Uint8Array => pack({ kind: 'certificateRequest', payload });
    for (const payload of [
      encodeRlp([]),
      encodeRlp([encodeUint(1)]),
      encodeRlp([encodeUint(1), encodeUint(2), encodeUint(3)]),
      encodeRlp([encodeUint(1), Uint8Array.of(0)]),
      encodeRlp([encodeUint(1), Uint8Array.of(0, 1)]),
      encodeRlp([encodeUint(1), new Uint8Array(9).fill(1)]),
      encodeRlp([encodeUint(1), []]),
      encodeRlp(encodeUint(1)),
      Uint8Array.of(0xc3, 0x01, 0x81, 0x05),
      Uint8Array.of(0xc2, 1, 5, 0),
    ]) {
      expect(() => decodeWireMessage(request(payload))).toThrow(invalid);
    }
    const range = (from: bigint, to: bigint): Uint8Array =>
      pack({ kind: 'rangeRequest', payload: encodeRlp([encodeUint(from), encodeUint(to)]) });
    for (const bytes of [range(2n, 1n), range(1n, 129n)]) expect(() => decodeWireRequest(bytes)).toThrow(invalid);
    expect(() => decodeChunkResponse(encodeBlockResponse(null))).toThrow(invalid);
    const notFinal = encodeRangeResponse({ blocks: [], bestFinalization: { ...FINALIZATION, kind: 'notarize' } });
    expect(() => decodeRangeResponse(notFinal)).toThrow(invalid);
  });

  test('cut off or with a tail, every message is refused', () => {
    for (const message of MESSAGES) {
      const bytes = encodeWireMessage(message);
      const step = Math.max(1, Math.floor(bytes.length / 60));
      for (let end = 0; end < bytes.length; end += step) {
        expect(() => decodeWireMessage(bytes.subarray(0, end))).toThrow(invalid);
      }
      expect(() => decodeWireMessage(Uint8Array.of(...bytes, 0))).toThrow(invalid);
    }
  });

  test('law: garbage, and good messages with a few bytes changed, give a message or the one typed error', () => {
    const valid = [
      ...MESSAGES.map(encodeWireMessage),
      ...REQUESTS.map(encodeWireRequest),
      encodeChunkResponse(CHUNK),
      encodeBlockResponse(BLOCK),
      encodeRangeResponse({ blocks: [{ block: BLOCK, chunks: [CHUNK] }], bestFinalization: FINALIZATION }),
      encodePoolResponse([Uint8Array.of(1)]),
    ];
    const changed = fc
      .record({
        bytes: fc.constantFrom(...valid),
        changes: fc.array(fc.record({ at: fc.nat(), to: fc.nat(255) }), { minLength: 1, maxLength: 4 }),
      })
      .map(({ bytes, changes }) => {
        const copy = new Uint8Array(bytes);
        for (const { at, to } of changes) copy[at % copy.length] = to;
        return copy;
      });
    const framed = fc
      .record({
        kind: fc.constantFrom('proposal', 'vote', 'chunk', 'status', 'rangeResponse'),
        payload: fc.uint8Array({ maxLength: 200 }),
      })
      .map(pack);
    const enveloped = fc
      .uint8Array({ maxLength: 60 })
      .map((tail) => Uint8Array.of(0x82, 0xa4, ...Buffer.from('kind'), ...tail));
    fc.assert(
      fc.property(fc.oneof(changed, framed, enveloped, fc.uint8Array({ maxLength: 100 })), (bytes) => {
        for (const decode of decoders) expectTypedErrorAtMost(() => decode(bytes));
      }),
      { numRuns: 600 },
    );
  });
});

function expectTypedErrorAtMost(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_WIRE_MESSAGE', name: 'InvalidWireMessageError' });
  }
}
