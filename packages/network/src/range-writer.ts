import { encodeRlp, NULL_ITEM, type RlpItem } from '@heddle/primitives';
import {
  type Block,
  type Chunk,
  encodeBlock,
  encodeCertificate,
  encodeChunk,
  type TupleCertificate,
} from '@heddle/types';
import { MAX_RANGE_BLOCKS, RLP_HEADER_BYTES } from './limits.ts';

/** The range's certificate and its own RLP headers. */
const RANGE_OVERHEAD_BYTES = 2_048;

/**
 * The payload of a range, put together piece by piece, so that who answers reads no more than what fits and may take
 * breaks. A block goes in with as many of its chunks as there is room for; whoever lacks one asks for it by its hash.
 */
export class RangeWriter {
  readonly #maxBytes: number;
  readonly #blocks: (readonly [block: Uint8Array, chunks: Uint8Array[]])[] = [];
  #bytes = RANGE_OVERHEAD_BYTES;
  #isFull = false;

  /** `maxBytes` of payload; the first block goes in whatever it has. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Nothing goes in any more: what comes next has to be asked for anew. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** The block of the next height. False if it does not fit. */
  addBlock(block: Block): boolean {
    const encoded = encodeBlock(block);
    const isFirst = this.#blocks.length === 0;
    if (!this.#take(encoded.length + 3 * RLP_HEADER_BYTES, isFirst)) return false;
    this.#blocks.push([encoded, []]);
    if (BigInt(this.#blocks.length) >= MAX_RANGE_BLOCKS) this.#isFull = true;
    return true;
  }

  /** A chunk of the block that was added last. False if it does not fit. */
  addChunk(chunk: Chunk): boolean {
    const chunks = this.#blocks.at(-1)?.[1];
    const encoded = encodeChunk(chunk);
    if (chunks === undefined || !this.#take(encoded.length + RLP_HEADER_BYTES, false)) return false;
    chunks.push(encoded);
    return true;
  }

  payload(bestFinalization: TupleCertificate | null): Uint8Array {
    const items: RlpItem[] = this.#blocks.map(([block, chunks]) => [block, chunks]);
    return encodeRlp([items, bestFinalization === null ? NULL_ITEM : encodeCertificate(bestFinalization)]);
  }

  #take(bytes: number, always: boolean): boolean {
    const fits = always || this.#bytes + bytes <= this.#maxBytes;
    if (fits) this.#bytes += bytes;
    else this.#isFull = true;
    return fits;
  }
}
