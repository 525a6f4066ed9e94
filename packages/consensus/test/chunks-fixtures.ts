import {
  bitmapOf,
  type ChunkAnnouncement,
  EMPTY_BLOOM,
  type Endorsement,
  type Hash,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import type { ChunkProtocolConfig } from '../src/chunks/config.ts';
import {
  type ChunkEffect,
  type ChunkInput,
  type ChunkProtocolState,
  createChunkProtocol,
  type Producers,
  stepChunks,
} from '../src/index.ts';

/** A hash that is easy to tell apart. */
export function hashOf(seed: number): Hash {
  return `0x${seed.toString(16).padStart(64, '0')}`;
}

export const SIGNATURE: Uint8Array = new Uint8Array(192).fill(7);
const AGGREGATE: Uint8Array = new Uint8Array(96).fill(7);

/** Registry order, shifted by shard: (height + shard) mod n, so that tests can tell whose turn it is. */
export function inTurn(validatorCount: number, shardCount: number): Producers {
  return Array.from({ length: shardCount }, (_, shard) =>
    Array.from({ length: validatorCount }, (_, place) => (place + shard) % validatorCount),
  );
}

/** A chunk of `shard` on `parentHash`; `variant` tells several by one producer apart. */
export function announcement(
  shard: number,
  parentHash: Hash,
  height: bigint,
  validatorCount: number,
  variant = 0,
): ChunkAnnouncement {
  const header = {
    shard,
    height,
    parentChunkHash: ZERO_HASH,
    parentBlockHash: parentHash,
    stateRoot: ZERO_HASH,
    transactionsRoot: ZERO_HASH,
    dispatchedRoot: ZERO_HASH,
    receiptsRoot: ZERO_HASH,
    logsBloom: EMPTY_BLOOM,
    gasUsed: 0n,
    gasLimit: 30_000_000n,
    baseFeePerGas: 7n,
    timestamp: BigInt(variant),
    coinbase: ZERO_ADDRESS,
    accessListHash: ZERO_HASH,
    bodyRoot: ZERO_HASH,
    outboxRoot: ZERO_HASH,
    inboundCursors: [],
    queuedWeight: 0n,
    placementsRoot: ZERO_HASH,
    coveredHeight: height,
    producer: Number((height + BigInt(shard)) % BigInt(validatorCount)),
  };
  const chunkHash = hashOf(
    Number(BigInt(parentHash) % 1_000n) * 10_000 + Number(height) * 1_000 + shard * 10 + variant,
  );
  return { header, chunkHash, signature: SIGNATURE };
}

export function endorsementOf(chunk: ChunkAnnouncement, signer: number): Endorsement {
  const { shard, parentBlockHash } = chunk.header;
  return { shard, parentBlockHash, chunkHash: chunk.chunkHash, signer, signature: SIGNATURE };
}

export type EffectOf<K extends ChunkEffect['kind']> = Extract<ChunkEffect, { readonly kind: K }>;

export function isKind<K extends ChunkEffect['kind']>(kind: K): (effect: ChunkEffect) => effect is EffectOf<K> {
  return (effect): effect is EffectOf<K> => effect.kind === kind;
}

/** One node under test: feeds inputs, keeps the state and what the last input led to. */
export class ChunkNode {
  state: ChunkProtocolState;
  last: readonly ChunkEffect[] = [];
  readonly all: ChunkEffect[] = [];

  constructor(config: Omit<ChunkProtocolConfig, 'producers'>) {
    const producers = inTurn(config.validatorCount, config.shardCount);
    this.state = createChunkProtocol({ ...config, producers });
  }

  feed(...inputs: readonly ChunkInput[]): readonly ChunkEffect[] {
    const effects: ChunkEffect[] = [];
    for (const input of inputs) {
      const before = this.state;
      const step = stepChunks(before, input);
      this.state = step.state;
      effects.push(...step.effects);
    }
    this.last = effects;
    this.all.push(...effects);
    return effects;
  }

  /** Kinds of the last effects, in order. */
  kinds(): readonly string[] {
    return this.last.map((effect) => effect.kind);
  }

  effects<K extends ChunkEffect['kind']>(kind: K): readonly EffectOf<K>[] {
    return this.all.filter(isKind(kind));
  }

  /** The newest effect of a kind. */
  latest<K extends ChunkEffect['kind']>(kind: K): EffectOf<K> {
    const effect = this.effects(kind).at(-1);
    if (effect === undefined) throw new TypeError(`no ${kind} effect so far`);
    return effect;
  }

  /** Answers the newest `sign` effect. */
  sign(): readonly ChunkEffect[] {
    return this.feed({ kind: 'signed', requestId: this.latest('sign').requestId, signature: SIGNATURE });
  }

  /** Answers the newest `aggregate` effect with a certificate. */
  certify(): readonly ChunkEffect[] {
    const { requestId, endorsements } = this.latest('aggregate');
    const [first] = endorsements;
    if (first === undefined) throw new TypeError('an aggregate effect has endorsements');
    const { shard, parentBlockHash, chunkHash } = first;
    const bitmap = bitmapOf(
      endorsements.map(({ signer }) => signer),
      this.state.config.validatorCount,
    );
    const certificate = { shard, parentBlockHash, chunkHash, bitmap, aggregate: AGGREGATE };
    return this.feed({ kind: 'aggregated', requestId, result: { ok: true, certificate } });
  }
}
