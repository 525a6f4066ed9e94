import type { ChunkHeader, Hash, ValidatorIndex } from '@heddle/types';
import { CHUNK_WINDOW_HEIGHTS, MAX_CHUNKS_PER_PLACE } from '../limits.ts';
import { type Producers, producerOf } from './producers.ts';

/** What a node knows of its epoch when a chunk comes in. */
export interface ChunkWindow {
  readonly producers: Producers;
  /** The final block's. */
  readonly finalHeight: bigint;
}

/** 'heard': content and signature are worth a check. 'ignored': nobody's fault. 'fault': no honest validator sends that. */
export type ChunkArrival = 'heard' | 'ignored' | 'fault';

/**
 * What is to be done with a chunk of this epoch that came unasked, before anything of it is hashed or verified: it is
 * heard from its producer only, for heights near the final one, and two different ones at most for one shard and parent
 * (the second is evidence). Whoever is not the producer can't know that the chunk is genuine and has no part in it.
 *
 * @param known hashes of the chunks held or executed for the chunk's shard and parent.
 */
export function arrivalOf(
  { producers, finalHeight }: ChunkWindow,
  from: ValidatorIndex,
  header: ChunkHeader,
  chunkHash: Hash,
  known: readonly Hash[],
): ChunkArrival {
  const { shard, height, producer } = header;
  if (producer !== from || producerOf(producers, shard, height) !== from) return 'fault';
  // Either side may lag behind the other.
  if (height <= finalHeight || height > finalHeight + CHUNK_WINDOW_HEIGHTS) return 'ignored';
  return known.includes(chunkHash) || known.length >= MAX_CHUNKS_PER_PLACE ? 'ignored' : 'heard';
}
