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
  type NullifyCertificate,
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
  decodeHeadersResponse,
  decodePoolResponse,
  decodeRangeResponse,
  decodeWireMessage,
  decodeWireRequest,
  encodeBlockResponse,
  encodeChunkResponse,
  encodeHeadersResponse,
  encodePoolResponse,
  encodeRangeResponse,
  encodeWireMessage,
  encodeWireRequest,
  type RangeBlock,
  transactionRuns,
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
  tips: 0n,
  accessListHash: HASH,
  bodyRoot: HASH,
  outboxRoot: HASH,
  inboundCursors: [1n, 2n],
  queuedWeight: 0n,
  executedCount: 0,
  logCount: 0,
  receiptGas: 0n,
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
  chunks: [{ header: CHUNK_HEADER, certificate: CERTIFICATE }],
  section: null,
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
const SKIP: NullifyCertificate = {
  kind: 'nullify',
  epoch: 1n,
  view: 10n,
  bitmap: Uint8Array.of(7),
  aggregate: AGGREGATE,
};

const PROPOSAL: Proposal = {
  tuple: TUPLE,
  block: BLOCK,
  parentCertificate: FINALIZATION,
  skipCertificates: [SKIP],
  leaderSignature: SIGNATURE,
  leaderNotarize: VOTE,
};

const EVIDENCE = {
  epoch: 1n,
  evidence: {
    kind: 'badJustification',
    culprit: VOTE.signer,
    vote: VOTE,
    parentCertificate: FINALIZATION,
    skipCertificates: [SKIP],
  },
} as const;

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
  {
    kind: 'endorsement',
    endorsement: { shard: 1, parentBlockHash: HASH, chunkHash: HASH, signer: 2, signature: SIGNATURE },
  },
  { kind: 'evidence', report: EVIDENCE },
  { kind: 'transactions', transactions: [] },
  { kind: 'transactions', transactions: [Uint8Array.of(2, 3), new Uint8Array(300)] },
];

const REQUESTS: readonly WireRequest[] = [
  { kind: 'chunkRequest', hash: HASH },
  { kind: 'blockRequest', hash: HASH },
  { kind: 'rangeRequest', from: 1n, to: 128n },
  { kind: 'rangeRequest', from: 5n, to: 5n },
  { kind: 'headersRequest', from: 1n, to: 512n },
  { kind: 'poolRequest' },
];

const invalid = expect.objectContaining({ code: 'INVALID_WIRE_MESSAGE' });
const packr = new Packr({ useRecords: false, variableMapSize: true });
const pack = (value: unknown): Uint8Array => packr.pack(value);

const decoders: readonly ((bytes: Uint8Array) => unknown)[] = [
  decodeWireMessage,
  decodeWireRequest,
  decodeChunkResponse,
  decodeHeadersResponse,
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
    expect(decodeHeadersResponse(encodeHeadersResponse([HEADER, HEADER]))).toEqual([HEADER, HEADER]);
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
    const skips = Array.from({ length: 50_000 }, () => SKIP);
    const { evidence } = EVIDENCE;
    const report = { epoch: 1n, evidence: { ...evidence, skipCertificates: skips } };
    expect(() => encodeWireMessage({ kind: 'evidence', report })).toThrow(tooLarge);
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

  test('a range is cut to what fits: blocks, and of the last one as many chunks as there is room for', () => {
    const body = { transactions: [new Uint8Array(3 * 1_024 * 1_024)], accessList: [] };
    const large = { ...CHUNK, body };
    const cut = (blocks: readonly RangeBlock[], maxBytes?: number): readonly number[] =>
      decodeRangeResponse(encodeRangeResponse({ blocks, bestFinalization: FINALIZATION }, maxBytes)).blocks.map(
        ({ chunks }) => chunks.length,
      );
    expect(cut(Array.from({ length: 5 }, () => ({ block: BLOCK, chunks: [large] })))).toEqual([1, 1, 0]);
    expect(cut([{ block: BLOCK, chunks: [large, large, large, CHUNK] }])).toEqual([2]);
    expect(
      cut([{ block: BLOCK, chunks: [{ ...CHUNK, body: { ...body, transactions: [new Uint8Array(2 ** 23)] } }] }]),
    ).toEqual([0]);
    expect(cut(Array.from({ length: 200 }, () => ({ block: BLOCK, chunks: [] })))).toHaveLength(128);
  });

  test('a range holds its first block whatever its limit is, and no more than it says else', () => {
    const blocks = Array.from({ length: 3 }, () => ({ block: BLOCK, chunks: [CHUNK] }));
    for (const maxBytes of [0, 1_000, 5_000, 7_000, 20_000]) {
      const bytes = encodeRangeResponse({ blocks, bestFinalization: null }, maxBytes);
      const range = decodeRangeResponse(bytes);
      expect(range.blocks.length).toBeGreaterThanOrEqual(1);
      if (range.blocks.length > 1 || range.blocks[0]?.chunks.length === 1) expect(bytes.length).toBeLessThan(maxBytes);
    }
  });

  test('a pool is cut to what fits', () => {
    const pool = Array.from({ length: 100 }, () => new Uint8Array(128 * 1_024));
    expect(decodePoolResponse(encodePoolResponse(pool))).toHaveLength(63);
  });

  test('law: transactions are cut into runs that each are a message, in their order, none left out', () => {
    const raws = fc.array(
      fc.integer({ min: 0, max: 300_000 }).map((length) => new Uint8Array(length)),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(raws, fc.integer({ min: 1, max: 20 }), (transactions, most) => {
        const runs = transactionRuns(transactions, most);
        expect(runs.flat()).toEqual(transactions);
        for (const run of runs) {
          expect(run.length).toBeLessThanOrEqual(most);
          expect(decodeWireMessage(encodeWireMessage({ kind: 'transactions', transactions: run }))).toBeDefined();
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a transaction that no message holds is alone in its run, so that it costs no other', () => {
    const [small, huge] = [new Uint8Array(10), new Uint8Array(2 ** 21)];
    expect(transactionRuns([small, huge, small], 100)).toEqual([[small], [huge], [small]]);
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
    const headers = (to: bigint): Uint8Array =>
      pack({ kind: 'headersRequest', payload: encodeRlp([encodeUint(1n), encodeUint(to)]) });
    for (const bytes of [range(2n, 1n), range(1n, 129n), headers(513n)])
      expect(() => decodeWireRequest(bytes)).toThrow(invalid);
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
      encodeHeadersResponse([HEADER]),
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
