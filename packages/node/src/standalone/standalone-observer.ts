import type { LaneReport } from '@heddle/execution';
import { equalBytes } from '@heddle/primitives';
import type { RpcObserver } from '@heddle/rpc';
import { signersOf, type TupleCertificate } from '@heddle/types';
import { type ExecutedBlock, type ExecutedChunk, executionsOf } from '../chain/executed-block.ts';
import type { ValidatorNode } from '../validator-node.ts';

/** What a final block took, for those who count. */
export interface FinalBlockFacts {
  readonly height: bigint;
  /** Seconds since 1970. */
  readonly timestamp: bigint;
  /** The view that it was decided in, and its epoch. */
  readonly view: bigint;
  readonly epoch: bigint;
  readonly transactions: number;
  /** How its chunks were executed here, as far as that is still known. */
  readonly executions: readonly LaneReport[];
  /** By shard: of its chunk; null where the shard is missing in this block. */
  readonly shardGas: readonly (bigint | null)[];
  /** 0 without a section. */
  readonly sectionGas: bigint;
  /** Whether this validator's signature is among those that made it final; null where it is none of the set. */
  readonly isSigned: boolean | null;
}

/** What a validator in a process of its own tells of itself: the source of metrics. Never throws, never waits. */
export interface StandaloneObserver {
  readonly rpc: RpcObserver;
  /** Once each, in height order. */
  blockFinal(block: FinalBlockFacts): void;
}

/** `ownKey`: what this node signs with; null if it only follows. */
export function finalBlockFacts(node: ValidatorNode, block: ExecutedBlock, ownKey: Uint8Array | null): FinalBlockFacts {
  return {
    height: block.height,
    timestamp: block.block.header.timestamp,
    view: block.block.view,
    epoch: node.chain.epochs.epochOf(block.height),
    transactions: executionsOf(block).length,
    executions: block.shards.flatMap(({ executed }) => reportOf(node, executed) ?? []),
    shardGas: block.shards.map(({ executed }) => executed?.header.gasUsed ?? null),
    sectionGas: block.section?.header.gasUsed ?? 0n,
    isSigned: isSigned(node, node.chain.store.bestFinalization(), ownKey),
  };
}

function reportOf({ executions }: ValidatorNode, executed: ExecutedChunk | null): LaneReport | null {
  return executed === null ? null : executions.of(executed.hash);
}

function isSigned({ chain }: ValidatorNode, best: TupleCertificate | null, ownKey: Uint8Array | null): boolean | null {
  if (best === null || ownKey === null) return null;
  const { validators } = chain.validatorSets.ofEpoch(best.tuple.epoch);
  const own = validators.findIndex(({ publicKey }) => equalBytes(publicKey, ownKey));
  return own === -1 ? null : signersOf(best.bitmap, validators.length).includes(own);
}
