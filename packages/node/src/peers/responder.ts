import type { TransactionPool } from '@heddle/mempool';
import {
  decodeWireRequest,
  encodeBlockResponse,
  encodeChunkResponse,
  encodeHeadersResponse,
  encodePoolResponse,
  finishRangeResponse,
  InvalidWireMessageError,
  MessageTooLargeError,
  type PeerId,
  RangeWriter,
  type WireRequest,
} from '@heddle/network';
import type { ChainStore } from '@heddle/storage';
import { type Block, type BlockHeader, type Chunk, type Hash, hashChunkHeader, isImpersonated } from '@heddle/types';
import type { BlockTree } from '../chain/block-tree.ts';
import type { ChunkCache } from '../chain/chunk-cache.ts';
import { StoppedError } from '../errors.ts';
import { MAX_HEADERS_READ } from '../limits.ts';
import type { Telling } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';
import type { LinkMetrics } from './unsent-messages.ts';

/** What is read for answers. */
export interface AnswerSource {
  readonly store: Pick<ChainStore, 'blockByNumber' | 'blockByHash' | 'unfinalBlock' | 'chunk' | 'bestFinalization'>;
  readonly tree: Pick<BlockTree, 'get'>;
}

type Parts = Pick<Foundation, 'scheduler' | 'maxRangeBytes'> &
  Telling<'fatal'> & {
    readonly chain: AnswerSource;
    readonly chunks: Pick<ChunkCache, 'executed'>;
    readonly pool: Pick<TransactionPool, 'all'>;
    readonly unsent: LinkMetrics;
  };

interface WaitingRequest {
  readonly request: WireRequest;
  answer(bytes: Uint8Array): void;
  fail(error: unknown): void;
}

/**
 * Answers what peers ask for, one answer at a time and the peers in turn: what is being put together is one answer,
 * however many ask. Nothing is read that does not go into the answer, and the event loop has its turn between any two
 * blocks or chunks. How many requests of a peer may wait, and how many bytes of answers, the transport bounds.
 */
export class Responder {
  readonly #parts: Parts;
  readonly #waiting = new Map<PeerId, WaitingRequest[]>();
  #isAnswering = false;
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Rejects for bytes that are no request, and when the node stops: the requester asks another peer. */
  async answer(from: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
    const request = decodeWireRequest(bytes);
    if (this.#stopped) throw new StoppedError();
    return new Promise((answer, fail) => {
      this.#waiting.set(from, [...(this.#waiting.get(from) ?? []), { request, answer, fail }]);
      if (!this.#isAnswering) void this.#answerAll();
    });
  }

  stop(): void {
    this.#stopped = true;
    const left = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const { fail } of left) fail(new StoppedError());
  }

  async #answerAll(): Promise<void> {
    this.#isAnswering = true;
    for (let next = this.#take(); next !== null; next = this.#take()) {
      await this.#answerOne(next);
      // Nobody hears of a stop here: then nobody waits any more.
      if (this.#waiting.size > 0) await this.#turn();
    }
    this.#isAnswering = false;
  }

  /** The first request of the peer whose turn it is; then the others have theirs. */
  #take(): WaitingRequest | null {
    const [turn] = this.#waiting;
    if (turn === undefined) return null;
    const [peer, [next, ...rest]] = turn;
    this.#waiting.delete(peer);
    if (rest.length > 0) this.#waiting.set(peer, rest);
    return next ?? null;
  }

  async #answerOne({ request, answer, fail }: WaitingRequest): Promise<void> {
    try {
      answer(await this.#encode(request));
    } catch (error) {
      fail(error);
      if (error instanceof MessageTooLargeError) this.#parts.unsent.unsent(error);
      else if (!(error instanceof InvalidWireMessageError) && !(error instanceof StoppedError))
        this.#parts.events.fatal(error);
    }
  }

  async #encode(request: WireRequest): Promise<Uint8Array> {
    const { pool } = this.#parts;
    switch (request.kind) {
      case 'blockRequest':
        return encodeBlockResponse(this.#block(request.hash));
      case 'chunkRequest':
        return this.#wholeChunk(request.hash);
      case 'rangeRequest':
        return this.#range(request.from, request.to);
      case 'headersRequest':
        return encodeHeadersResponse(await this.#headers(request.from, request.to));
      case 'poolRequest':
        return encodePoolResponse(pool.all().flatMap((pooled) => (isImpersonated(pooled) ? [] : [pooled.raw])));
    }
  }

  #block(hash: Hash): Block | null {
    const { store, tree } = this.#parts.chain;
    return tree.get(hash)?.block ?? store.unfinalBlock(hash) ?? store.blockByHash(hash);
  }

  #chunk(hash: Hash): Chunk | null {
    const { chunks, chain } = this.#parts;
    return chunks.executed(hash)?.chunk ?? chain.store.chunk(hash);
  }

  async #wholeChunk(hash: Hash): Promise<Uint8Array> {
    const chunk = this.#chunk(hash);
    await this.#pause();
    return encodeChunkResponse(chunk);
  }

  async #range(from: bigint, to: bigint): Promise<Uint8Array> {
    const { chain, maxRangeBytes } = this.#parts;
    const writer = new RangeWriter(maxRangeBytes);
    for (let height = from; height <= to && !writer.isFull; height++) {
      const block = chain.store.blockByNumber(height);
      if (block === null || !writer.addBlock(block)) break;
      await this.#pause();
      for (const hash of newChunks(block)) {
        const chunk = this.#chunk(hash);
        await this.#pause();
        if (chunk === null || !writer.addChunk(chunk)) break;
        await this.#pause();
      }
    }
    return finishRangeResponse(writer, chain.store.bestFinalization());
  }

  async #headers(from: bigint, to: bigint): Promise<readonly BlockHeader[]> {
    const headers: BlockHeader[] = [];
    for (let height = from; height <= to; height++) {
      const block = this.#parts.chain.store.blockByNumber(height);
      if (block === null) break;
      headers.push(block.header);
      if (headers.length % MAX_HEADERS_READ === 0) await this.#pause();
    }
    return headers;
  }

  #turn(): Promise<void> {
    return new Promise<void>((resolve) => this.#parts.scheduler.soon(resolve));
  }

  /** Lets the event loop have its turn. The stores may be closed after it. */
  async #pause(): Promise<void> {
    await this.#turn();
    if (this.#stopped) throw new StoppedError();
  }
}

function newChunks(block: Block): readonly Hash[] {
  return block.chunks.flatMap(({ header, certificate }) => (certificate === null ? [] : [hashChunkHeader(header)]));
}
