import { arrivalOf } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import { type Chunk, type ChunkAnnouncement, type ChunkHeader, type Hash, hashChunkHeader } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import type { ChunkCache } from '../chain/chunk-cache.ts';
import type { EpochValidators } from '../epochs/epoch-validators.ts';
import { MAX_CHUNKS_PER_HEIGHT } from '../limits.ts';

export interface ChunkIntakePorts {
  readonly validators: EpochValidators;
  readonly chain: Chain;
  readonly chunks: ChunkCache;
  /** A peer sent what it can't have believed. */
  blame(peer: PeerId, reason: string): void;
}

/**
 * Where chunks of one epoch come in unasked. Nothing of one is held before it is known to be genuine, and the checks are
 * in the order of what they cost: who sends it and for which height, whether it is known, whether the body is the
 * header's, and last the producer's signature. So who sends garbage costs one check and is heard no more.
 */
export class ChunkIntake {
  readonly #ports: ChunkIntakePorts;

  constructor(ports: ChunkIntakePorts) {
    this.#ports = ports;
  }

  /** Holds the chunk if it is new and genuine, `bytes` being its size on the wire; else null. */
  take(from: PeerId, chunk: Chunk, bytes: number): ChunkAnnouncement | null {
    const { validators, chunks, blame } = this.#ports;
    const { header, signature } = chunk;
    const chunkHash = hashChunkHeader(header);
    switch (this.#arrival(from, header, chunkHash)) {
      case 'ignored':
        return null;
      case 'fault':
        blame(from, 'chunk: not from its producer');
        return null;
      case 'heard':
        break;
    }
    if (!validators.isGenuine(chunk, chunkHash)) {
      blame(from, 'chunk: not what its producer signed');
      return null;
    }
    return chunks.hold(chunkHash, chunk, from, bytes) ? { header, chunkHash, signature } : null;
  }

  #arrival(from: PeerId, header: ChunkHeader, chunkHash: Hash): ReturnType<typeof arrivalOf> {
    const { validators, chain, chunks } = this.#ports;
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
