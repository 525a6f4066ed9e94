import {
  type ChunkEffect,
  type ChunkInput,
  type ChunkProtocolState,
  type ChunkVerdict,
  createChunkProtocol,
  producerOf,
  producersOf,
  stepChunks,
} from '@heddle/consensus';
import { bigintToBytes, bytesToHex } from '@heddle/primitives';
import {
  bitmapOf,
  type ChunkAnnouncement,
  EMPTY_BLOOM,
  type Endorsement,
  type EndorsementCertificate,
  type Hash,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';

/** Four validators, one shard. The chunk at HEIGHT on PARENT is validator PRODUCER's to make. */
export const PARENT: Hash = hashOf(1n);
export const HEIGHT = 5n;
const VALIDATORS = 4;
const SHARD = 0;
const PRODUCERS = producersOf(new Uint8Array(32), VALIDATORS, 1);
export const PRODUCER: number = producerOf(PRODUCERS, SHARD, HEIGHT) ?? 0;
/** The others, in index order: the first is the validator under test. */
export const OTHERS: readonly number[] = [0, 1, 2, 3].filter((index) => index !== PRODUCER);
const SIGNATURE = new Uint8Array(192);
const AGGREGATE = new Uint8Array(96);

/** The chunk protocol of one validator; its driver answers only what the scenario answers. */
export class ChunkBench {
  readonly effects: ChunkEffect[] = [];
  #state: ChunkProtocolState;

  constructor(validatorIndex: number) {
    const config = {
      validatorIndex,
      validatorCount: VALIDATORS,
      shardCount: 1,
      producers: PRODUCERS,
      chunkDeadlineMs: 100,
    };
    this.#state = createChunkProtocol(config);
  }

  feed(...inputs: readonly ChunkInput[]): void {
    for (const input of inputs) {
      const next = stepChunks(this.#state, input);
      this.#state = next.state;
      this.effects.push(...next.effects);
    }
  }

  enter(view: bigint, leader: number): void {
    this.feed({ kind: 'view', view, leader, parentHash: PARENT, height: HEIGHT, missed: [0] });
  }

  receive(announcement: ChunkAnnouncement): void {
    this.feed({ kind: 'chunk', announcement });
  }

  judge({ chunkHash }: ChunkAnnouncement, verdict: ChunkVerdict): void {
    this.feed({ kind: 'validated', chunkHash, verdict });
  }

  /** Whom it blocks, in order. */
  blocked(): readonly number[] {
    return this.effects.flatMap((effect) => (effect.kind === 'blockPeer' ? [effect.peer] : []));
  }

  /** Every signature asked for so far is made. */
  sign(): void {
    for (const effect of [...this.effects]) {
      if (effect.kind === 'sign') this.feed({ kind: 'signed', requestId: effect.requestId, signature: SIGNATURE });
    }
  }

  endorse(announcement: ChunkAnnouncement, signers: readonly number[]): void {
    for (const signer of signers) {
      this.feed({ kind: 'endorsement', from: signer, endorsement: endorsementOf(announcement, signer) });
    }
  }

  /** Every aggregation asked for so far succeeds. */
  certify(): void {
    for (const effect of [...this.effects]) {
      if (effect.kind !== 'aggregate') continue;
      const certificate = certificateOf(effect.endorsements);
      this.feed({ kind: 'aggregated', requestId: effect.requestId, result: { ok: true, certificate } });
    }
  }

  kinds(): readonly ChunkEffect['kind'][] {
    return this.effects.map(({ kind }) => kind);
  }

  count(kind: ChunkEffect['kind']): number {
    return this.kinds().filter((other) => other === kind).length;
  }
}

/** The producer's chunk; `variant` tells several apart. */
export function chunkOf(variant: bigint): ChunkAnnouncement {
  const header = {
    shard: SHARD,
    height: HEIGHT,
    parentChunkHash: ZERO_HASH,
    parentBlockHash: PARENT,
    stateRoot: ZERO_HASH,
    transactionsRoot: ZERO_HASH,
    dispatchedRoot: ZERO_HASH,
    receiptsRoot: ZERO_HASH,
    logsBloom: EMPTY_BLOOM,
    gasUsed: 0n,
    gasLimit: 30_000_000n,
    baseFeePerGas: 7n,
    timestamp: variant,
    coinbase: ZERO_ADDRESS,
    accessListHash: ZERO_HASH,
    bodyRoot: ZERO_HASH,
    outboxRoot: ZERO_HASH,
    inboundCursors: [],
    queuedWeight: 0n,
    placementsRoot: ZERO_HASH,
    coveredHeight: HEIGHT,
    producer: PRODUCER,
  };
  return { header, chunkHash: hashOf(100n + variant), signature: SIGNATURE };
}

export function endorsementOf({ header, chunkHash }: ChunkAnnouncement, signer: number): Endorsement {
  return { shard: SHARD, parentBlockHash: header.parentBlockHash, chunkHash, signer, signature: SIGNATURE };
}

function certificateOf(endorsements: readonly Endorsement[]): EndorsementCertificate {
  const signers = endorsements.map(({ signer }) => signer);
  const chunkHash = endorsements[0]?.chunkHash ?? ZERO_HASH;
  return {
    shard: SHARD,
    parentBlockHash: PARENT,
    chunkHash,
    bitmap: bitmapOf(signers, VALIDATORS),
    aggregate: AGGREGATE,
  };
}

function hashOf(value: bigint): Hash {
  return bytesToHex(bigintToBytes(value, 32));
}
