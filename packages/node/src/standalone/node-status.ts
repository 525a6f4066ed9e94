import { peerOf, type Transport } from '@heddle/network';
import { equalBytes } from '@heddle/primitives';
import { quorum, type ShardId, type Validator } from '@heddle/types';
import type { ValidatorNode } from '../validator-node.ts';

/** One shard as the latest final block leaves it. */
export interface ShardStatus {
  readonly shard: ShardId;
  /** Of the latest chunk. */
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  /** Messages that wait to be delivered here. */
  readonly queuedMessages: number;
  /** Final blocks in a row without a chunk of this shard. */
  readonly missedBlocks: number;
}

/** It signs; or its key is none of the set's; or it signs nothing until it is clear that its key is used nowhere else. */
export type NodeRole = 'validator' | 'follower' | 'watching';

/** What a validator that runs is like at one moment. */
export interface NodeStatus {
  /** Of the latest final block. */
  readonly head: bigint;
  /** Its timestamp, seconds since 1970. */
  readonly headTimestamp: bigint;
  /** Of the newest finalization; 0 before the first. */
  readonly view: bigint;
  /** Of the next block. */
  readonly epoch: bigint;
  /** Connected nodes, validators or not. */
  readonly peers: number;
  /** Of the set that makes the next block. */
  readonly validators: number;
  /** Those of them that are within reach, this one included where it is one. */
  readonly reachedValidators: number;
  /** So many are needed for a block. */
  readonly quorum: number;
  readonly role: NodeRole;
  /** It fetches final blocks that it does not have. */
  readonly isCatchingUp: boolean;
  readonly pooledTransactions: number;
  /** Executed blocks that are not final yet. */
  readonly unfinalBlocks: number;
  /** Bytes of messages that wait for something. */
  readonly heldBytes: number;
  /** Peers that nothing is read of in this epoch. */
  readonly blockedPeers: number;
  /** Proofs of contradicting signatures, of whomever, since the start. */
  readonly evidence: number;
  /** Valid chunks that lanes refused since the start. Above 0 there is a bug. */
  readonly laneDisagreements: number;
  readonly shards: readonly ShardStatus[];
  /** By how much this machine's clock is ahead of the validators', milliseconds; below 0: behind; 0 where nothing shows it. */
  readonly clockAheadMs: number;
}

/** What a status is read from. */
interface StatusSource {
  readonly node: ValidatorNode;
  readonly transport: Transport;
  /** What it signs with in this run; null while it signs nothing. */
  readonly signingKey: Uint8Array | null;
  /** It signs now, or will. */
  readonly hasKey: boolean;
  readonly clockAheadMs: number;
}

export function isNamed(validators: readonly Validator[], key: Uint8Array): boolean {
  return validators.some(({ publicKey }) => equalBytes(publicKey, key));
}

/** Keys of those validators that `transport` is connected to, and `ownKey` if it is one of them. */
export function reachedOf(
  validators: readonly Validator[],
  transport: Transport,
  ownKey: Uint8Array | null,
): readonly Uint8Array[] {
  const peers = new Set(transport.peers());
  return validators
    .map(({ publicKey }) => publicKey)
    .filter((key) => peers.has(peerOf(key)) || (ownKey !== null && equalBytes(key, ownKey)));
}

/** Why no blocks come when so many of the validators are within reach; null if that is enough. */
export function lackOfQuorum(reached: number, validators: number): string | null {
  const wanted = quorum(validators);
  if (reached >= wanted) return null;
  return `${reached} of ${validators} validators are within reach, ${wanted} are needed`;
}

export function readNodeStatus({ node, transport, signingKey, hasKey, clockAheadMs }: StatusSource): NodeStatus {
  const { chain, pool, footprint } = node;
  const { root } = chain.tree;
  const { validators, epoch } = chain.validatorSets.ofChildren(root);
  return {
    head: root.height,
    headTimestamp: root.block.header.timestamp,
    view: chain.store.bestFinalization()?.tuple.view ?? 0n,
    epoch,
    peers: transport.peers().length,
    validators: validators.length,
    reachedValidators: reachedOf(validators, transport, signingKey).length,
    quorum: quorum(validators.length),
    role: roleOf(validators, signingKey, hasKey),
    isCatchingUp: node.isCatchingUp,
    pooledTransactions: pool.size,
    unfinalBlocks: footprint.unfinalBlocks,
    heldBytes: footprint.heldBytes,
    blockedPeers: node.blockedPeers.size,
    evidence: node.evidence.length,
    laneDisagreements: node.executions.disagreements,
    shards: root.shards.map(({ header, queue, missed }, shard) => ({
      shard,
      gasUsed: header.gasUsed,
      gasLimit: header.gasLimit,
      queuedMessages: queue.length,
      missedBlocks: missed,
    })),
    clockAheadMs,
  };
}

function roleOf(validators: readonly Validator[], signingKey: Uint8Array | null, hasKey: boolean): NodeRole {
  if (signingKey === null) return hasKey ? 'watching' : 'follower';
  return isNamed(validators, signingKey) ? 'validator' : 'follower';
}
