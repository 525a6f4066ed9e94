import {
  decodeBlockResponse,
  decodeChunkResponse,
  decodeRangeResponse,
  decodeWireMessage,
  decodeWireRequest,
  encodeBlockResponse,
  encodeChunkResponse,
  encodeRangeResponse,
  encodeWireMessage,
  encodeWireRequest,
  type Transport,
} from '@heddle/network';
import { bytesToHex } from '@heddle/primitives';
import { createSeededRandom } from '@heddle/runtime';
import type { ChainStore } from '@heddle/storage';
import { type Block, type BlockChunk, type Chunk, encodeBlock, encodeChunk, ZERO_HASH } from '@heddle/types';
import { CHUNK_STREAM, CONSENSUS_STREAM, FETCH_PROTOCOL, TRANSACTION_TOPIC } from '../../src/peers/protocols.ts';
import type { TestNetwork } from '../support/network.ts';
import { HONEST, type Tampering } from '../support/tampering.ts';
import {
  EVERYONE,
  type Facts,
  missingChunks,
  onOneAndTwoShards,
  type Scenario,
  scenario,
  transfers,
} from './scenario.ts';

/** Asked first by everyone, since it is the first of the list. */
const LIAR = 0;
const NEWCOMER = 3;
const HONEST_ONES = [1, 2];
const NONSENSE = new Uint8Array(192).fill(7);

type ChunkForgery = (chunk: Chunk) => Chunk;

const forgeSignature: ChunkForgery = (chunk) => ({ ...chunk, signature: NONSENSE });

function forgeChunk(chunk: Chunk): Chunk {
  const { transactions } = chunk.body;
  const forged = transactions.length === 0 ? [Uint8Array.of(1)] : transactions.slice(1);
  return { ...chunk, body: { ...chunk.body, transactions: forged } };
}

/** Sends chunks with forged bodies to the victims: the signed header commits another one. */
function forgingBodiesFor(names: readonly string[]): Tampering {
  return {
    ...HONEST,
    send: (to, protocol, payload) => {
      if (protocol !== CHUNK_STREAM || !names.includes(to)) return payload;
      const message = decodeWireMessage(payload);
      return message.kind === 'chunk' ? encodeWireMessage({ ...message, chunk: forgeChunk(message.chunk) }) : payload;
    },
  };
}

async function forgedBodies(network: TestNetwork, victims: readonly number[]): Promise<Facts> {
  for (const index of EVERYONE)
    await network.start(
      index,
      index === LIAR ? forgingBodiesFor(victims.map((victim) => network.peer(victim))) : HONEST,
    );
  await transfers(network, [1, 2, 3], 4);
  await network.idle();
  return { missing: missingChunks(network) };
}

type Forgery = (block: Block) => Block;

/** The same of every chunk of the block. */
function inChunks(forge: (chunk: BlockChunk) => BlockChunk): Forgery {
  return (block) => ({ ...block, chunks: block.chunks.map(forge) });
}

/** Parts of a block beside its header: its hash commits them by way of `extraData` and the chunk headers. */
const FORGERIES: readonly (readonly [name: string, forge: Forgery])[] = [
  [
    'a bad certificate',
    inChunks((chunk) => ({
      ...chunk,
      certificate: chunk.certificate && { ...chunk.certificate, aggregate: new Uint8Array(96).fill(7) },
    })),
  ],
  [
    'a certificate for another chunk',
    inChunks((chunk) => ({
      ...chunk,
      certificate: chunk.certificate && { ...chunk.certificate, chunkHash: ZERO_HASH },
    })),
  ],
  ['another chunk header', inChunks((chunk) => ({ ...chunk, header: { ...chunk.header, gasUsed: 77n } }))],
  [
    'another section',
    (block) => ({ ...block, section: block.section && { ...block.section, transactions: [Uint8Array.of(1)] } }),
  ],
  [
    'another section header',
    ({ section, ...block }) => ({
      ...block,
      section: section && { ...section, header: { ...section.header, gasUsed: 77n } },
    }),
  ],
];

const withoutCertificates: Forgery = inChunks((chunk) => ({ ...chunk, certificate: null }));

/** Answers with genuine headers and forged contents. */
function forgingAnswers(forge: Forgery, forgeOne: ChunkForgery = forgeChunk): Tampering {
  return {
    ...HONEST,
    answer: async (request, honest) => {
      const { kind } = decodeWireRequest(request);
      if (kind === 'blockRequest') {
        const block = decodeBlockResponse(honest);
        return encodeBlockResponse(block === null ? null : forge(block));
      }
      if (kind === 'rangeRequest') {
        const range = decodeRangeResponse(honest);
        const blocks = range.blocks.map(({ block, chunks }) => ({
          block: forge(block),
          chunks: chunks.map(forgeOne),
        }));
        return encodeRangeResponse({ ...range, blocks });
      }
      if (kind === 'chunkRequest') {
        const chunk = decodeChunkResponse(honest);
        return encodeChunkResponse(chunk === null ? null : forgeOne(chunk));
      }
      return honest;
    },
  };
}

/** As a leader it sends the victims blocks whose contents are not what the hash names. */
async function forgedProposals(network: TestNetwork, victims: readonly number[]): Promise<Facts> {
  const names = victims.map((index) => network.peer(index));
  const tampering: Tampering = {
    ...HONEST,
    send: (to, protocol, payload) => {
      if (protocol !== CONSENSUS_STREAM || !names.includes(to)) return payload;
      const message = decodeWireMessage(payload);
      if (message.kind !== 'proposal') return payload;
      const block = withoutCertificates(message.proposal.block);
      return encodeWireMessage({ ...message, proposal: { ...message.proposal, block } });
    },
  };
  for (const index of EVERYONE) await network.start(index, index === LIAR ? tampering : HONEST);
  await transfers(network, [1, 2, 3], 4);
  await network.idle();
  return { genuine: EVERYONE.every((index) => holdsTheSame(network, index, 1)) };
}

/** The victim of a forged copy: late with everything that it needs from others, or slow at executing it. */
const LATE_VICTIM = 3;

/**
 * As a leader it sends one validator a forged copy of a block that everyone else gets as it is. While the victim works on
 * it, the block becomes final: the copy must not be taken for it, nor its failure for the block's.
 */
async function forgedCopies(network: TestNetwork, forge: Forgery, isStarved: boolean): Promise<Facts> {
  const victim = network.peer(LATE_VICTIM);
  if (!isStarved) network.executionMs.set(LATE_VICTIM, 400);
  let forged = 0;
  const tampering: Tampering = {
    ...HONEST,
    send: (to, _protocol, payload) => {
      if (to !== victim) return payload;
      const message = decodeWireMessage(payload);
      if (isStarved && message.kind === 'chunk') return null;
      if (message.kind !== 'proposal') return payload;
      forged += 1;
      const block = forge(message.proposal.block);
      return encodeWireMessage({ ...message, proposal: { ...message.proposal, block } });
    },
    answer: async (_request, honest) => {
      // Whoever waits for a chunk of the liar waits long enough for the block to become final.
      if (isStarved) await new Promise<void>((resolve) => network.time.scheduler.after(1_500, resolve));
      return honest;
    },
  };
  for (const index of EVERYONE) await network.start(index, index === LIAR ? tampering : HONEST);
  await transfers(network, HONEST_ONES, 8);
  network.executionMs.clear();
  await network.idle();
  return { isForged: forged > 0, genuine: holdsTheSame(network, LATE_VICTIM, 1) };
}

const NO_CERTIFICATE: Tampering = forgingAnswers(withoutCertificates);

const BAD_ANSWERS: readonly (readonly [name: string, tampering: Tampering])[] = [
  ['no certificate', NO_CERTIFICATE],
  ...FORGERIES.map(([name, forge]) => [name, forgingAnswers(forge)] as const),
  ['forged chunk bodies', forgingAnswers((block) => block)],
  ['forged producers’ signatures', forgingAnswers((block) => block, forgeSignature)],
  ['garbage', { ...HONEST, answer: async () => Uint8Array.of(1, 2, 3) }],
  ['nothing', { ...HONEST, answer: async () => encodeBlockResponse(null) }],
  ['refusals', { ...HONEST, answer: () => Promise.reject(new Error('no')) }],
  ['silence', { ...HONEST, answer: () => new Promise(() => {}) }],
];

/** A newcomer catches up and asks the liar first. */
async function badAnswers(network: TestNetwork, tampering: Tampering): Promise<Facts> {
  for (const index of [LIAR, ...HONEST_ONES]) await network.start(index, index === LIAR ? tampering : HONEST);
  await transfers(network, HONEST_ONES, 2);
  await network.idle();
  const startedMs = network.time.clock.monotonicMs();
  await network.start(NEWCOMER);
  await network.until(
    'catching up',
    () => network.node(NEWCOMER).chain.tree.root.hash === network.node(1).chain.tree.root.hash,
  );
  const tookMs = network.time.clock.monotonicMs() - startedMs;
  await transfers(network, [NEWCOMER], 1);
  await network.idle();
  return { withinFourSeconds: tookMs <= 4_000, genuine: holdsTheSame(network, NEWCOMER, 1) };
}

/** Both have every final block and chunk, byte for byte. */
function holdsTheSame(network: TestNetwork, one: number, other: number): boolean {
  for (let height = 1n; height <= network.height; height++) {
    const [ours, theirs] = [one, other].map((index) => contents(network.storage(index).chain, height));
    if (ours !== theirs) return false;
  }
  return true;
}

function contents(store: ChainStore, height: bigint): string {
  const block = store.blockByNumber(height);
  if (block === null) return 'none';
  const chunks = block.chunks
    .map(({ certificate }) => (certificate === null ? null : store.chunk(certificate.chunkHash)))
    .map((chunk) => (chunk === null ? 'none' : bytesToHex(encodeChunk(chunk))));
  return [bytesToHex(encodeBlock(block)), ...chunks].join(' ');
}

/** A transport without a validator behind it that sends back what it hears, with a bit flipped, cut, or to the wrong stream. */
class Noise {
  readonly #transport: Transport;
  readonly #random = createSeededRandom(7);
  #sent = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
    for (const stream of [CONSENSUS_STREAM, CHUNK_STREAM]) {
      transport.onDirect(stream, (_from, payload) => this.#spread(payload));
    }
    transport.subscribe(TRANSACTION_TOPIC, (_from, payload) => this.#spread(payload));
    transport.onRequest(FETCH_PROTOCOL, (_from, payload) => Promise.resolve(this.#mangle(payload)));
  }

  get sent(): number {
    return this.#sent;
  }

  #spread(payload: Uint8Array): void {
    const mangled = this.#mangle(payload);
    for (const to of this.#transport.peers()) {
      this.#transport.send(to, CONSENSUS_STREAM, mangled);
      this.#transport.send(to, CHUNK_STREAM, mangled);
      this.#transport.send(to, CONSENSUS_STREAM, payload);
      this.#transport.request(to, FETCH_PROTOCOL, mangled, 1_000).catch(() => {});
      this.#sent += 3;
    }
    this.#transport.publish(TRANSACTION_TOPIC, mangled);
  }

  #mangle(payload: Uint8Array): Uint8Array {
    const position = Math.floor(this.#random.next() * payload.length);
    const choice = this.#random.next();
    if (choice < 0.2) return payload.slice(0, position);
    if (choice < 0.3) return this.#random.bytes(position);
    const mangled = new Uint8Array(payload);
    mangled[position] = (mangled[position] ?? 0) ^ (1 << Math.floor(this.#random.next() * 8));
    return mangled;
  }
}

async function noise(network: TestNetwork): Promise<Facts> {
  const transport = network.impersonate(LIAR);
  const noisy = new Noise(transport);
  for (const index of [1, 2, 3]) await network.start(index);
  await transport.start();
  await transfers(network, [1, 2, 3], 4);
  await transport.stop();
  await network.idle();
  return { loud: noisy.sent > 100 };
}

/** Chunks of the liar's turns from a far future, unsigned, and more of them than anyone keeps. */
async function futureChunks(network: TestNetwork): Promise<Facts> {
  const transport = network.impersonate(LIAR);
  transport.onDirect(CHUNK_STREAM, (_from, payload) => {
    const message = decodeWireMessage(payload);
    if (message.kind !== 'chunk') return;
    for (let i = 0n; i < 50n; i++) {
      const header = { ...message.chunk.header, producer: LIAR, timestamp: 2n ** 62n + i };
      const forged = encodeWireMessage({ kind: 'chunk', chunk: { ...message.chunk, header } });
      for (const to of transport.peers()) transport.send(to, CHUNK_STREAM, forged);
    }
  });
  for (const index of [1, 2, 3]) await network.start(index);
  await transport.start();
  await transfers(network, [1, 2, 3], 3);
  await transport.stop();
  await network.idle();
  return {};
}

/** Every request there is, with bounds that make no sense, of a whole network at once. */
async function oddRequests(network: TestNetwork): Promise<Facts> {
  const transport = network.impersonate(LIAR);
  for (const index of [1, 2, 3]) await network.start(index);
  await transport.start();
  await transfers(network, [1, 2, 3], 1);
  const requests = [
    encodeWireRequest({ kind: 'rangeRequest', from: 0n, to: 10n }),
    encodeWireRequest({ kind: 'rangeRequest', from: 2n ** 63n, to: 2n ** 63n + 1n }),
    encodeWireRequest({ kind: 'blockRequest', hash: ZERO_HASH }),
    encodeWireRequest({ kind: 'chunkRequest', hash: ZERO_HASH }),
    encodeWireRequest({ kind: 'poolRequest' }),
    NONSENSE,
  ];
  let answered = 0;
  for (const request of requests) {
    transport.request(network.peer(1), FETCH_PROTOCOL, request, 1_000).then(
      () => {
        answered++;
      },
      () => {},
    );
  }
  await network.time.advanceAsync(1_000);
  await transport.stop();
  await transfers(network, [1, 2, 3], 1);
  await network.idle();
  return { answered };
}

const ONE_SHARD = { shardCount: 1, blockTimeMs: 0 };
const TWO_SHARDS = { shardCount: 2, blockTimeMs: 0 };

export const BYZANTINE: readonly Scenario[] = [
  ...[[1], [1, 2, 3]].flatMap((victims) =>
    onOneAndTwoShards(`chunks with forged bodies for ${victims.length}`, (network) => forgedBodies(network, victims)),
  ),
  ...[[1], [1, 2, 3]].map((victims) =>
    scenario(`forged proposals for ${victims.length}`, TWO_SHARDS, (network) => forgedProposals(network, victims)),
  ),
  ...FORGERIES.flatMap(([name, forge]) =>
    [true, false].map((isStarved) =>
      scenario(`forged copies with ${name} for a ${isStarved ? 'starved' : 'slow'} one`, TWO_SHARDS, (network) =>
        forgedCopies(network, forge, isStarved),
      ),
    ),
  ),
  // With one shard a chunk without a certificate may be the canonical empty one.
  scenario('answered with no certificate, one shard', ONE_SHARD, (network) => badAnswers(network, NO_CERTIFICATE)),
  ...BAD_ANSWERS.map(([name, tampering]) =>
    scenario(`answered with ${name}`, TWO_SHARDS, (network) => badAnswers(network, tampering)),
  ),
  scenario('noise', TWO_SHARDS, noise),
  scenario('chunks from the future', TWO_SHARDS, futureChunks),
  scenario('odd requests', TWO_SHARDS, oddRequests),
];
