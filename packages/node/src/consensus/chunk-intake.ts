import { arrivalOf } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import { type Chunk, type ChunkAnnouncement, type ChunkHeader, type Hash, hashChunkHeader } from '@heddle/types';
import type { EpochValidators } from '../epochs/epoch-validators.ts';
import { MAX_CHUNKS_PER_HEIGHT } from '../limits.ts';
import type { Telling } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';

type Parts = Pick<Foundation, 'chain' | 'chunks'> & Telling<'blame'> & { readonly validators: EpochValidators };

/**
 * Where chunks of one epoch come in unasked. Nothing of one is held before it is known to be genuine, and the checks are
 * in the order of what they cost: who sends it and for which height, whether it is known, whether the body is the
 * header's, and last the producer's signature. So who sends garbage costs one check and is heard no more.
 */
export class ChunkIntake {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Holds the chunk if it is new and genuine, `bytes` being its size on the wire; else null. */
  take(from: PeerId, chunk: Chunk, bytes: number): ChunkAnnouncement | null {
    const { validators, chunks, events } = this.#parts;
    const { header, signature } = chunk;
    const chunkHash = hashChunkHeader(header);
    switch (this.#arrival(from, header, chunkHash)) {
      case 'ignored':
        return null;
      case 'fault':
        events.blame(from, 'chunk: not from its producer');
        return null;
      case 'heard':
        break;
    }
    if (!validators.isGenuine(chunk, chunkHash)) {
      events.blame(from, 'chunk: not what its producer signed');
      return null;
    }
    return chunks.hold(chunkHash, chunk, from, bytes) ? { header, chunkHash, signature } : null;
  }

  #arrival(from: PeerId, header: ChunkHeader, chunkHash: Hash): ReturnType<typeof arrivalOf> {
    const { validators, chain, chunks } = this.#parts;
    const index = validators.indexOf(from);
    if (index === null) return 'fault';
    const known = chunks.at(header);
    const ofPlace = [...known].filter(([, { parentBlockHash }]) => parentBlockHash === header.parentBlockHash);
    const window = { producers: validators.producers, finalHeight: chain.tree.root.height };
    const hashes = ofPlace.map(([hash]) => hash);
    const arrival = arrivalOf(window, index, header, chunkHash, hashes);
    return arrival === 'heard' && known.size >= MAX_CHUNKS_PER_HEIGHT ? 'ignored' : arrival;
  }
}
