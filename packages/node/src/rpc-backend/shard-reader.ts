import { nextBaseFee, weiInFlight } from '@heddle/execution';
import { equalBytes, ImpossibleStateError } from '@heddle/primitives';
import type { BlockCertificate, ShardHead, ShardReader, TransactionTrace } from '@heddle/rpc';
import { home } from '@heddle/sharding';
import type { ChainStore, TransactionLocation } from '@heddle/storage';
import {
  type Address,
  type Genesis,
  type Hash,
  type RecoveredTransaction,
  type ShardId,
  signingMessage,
} from '@heddle/types';
import { allowancesOn, routeViewOn } from '../chain/chunk-context.ts';
import { congestedShard } from '../pool/tip-accounts.ts';
import type { ValidatorNode } from '../validator-node.ts';
import { chunkAt, chunkByHash } from './chunk-reader.ts';
import type { NodeGroup } from './node-group.ts';
import type { Reach } from './reach.ts';
import { StateAt } from './state-at.ts';

/** What shard_topology counts: each is a line here, and a reading of the part that counts it. */
const COUNTERS: Readonly<Record<string, (node: ValidatorNode) => number>> = {
  // Valid chunks that lanes refused: above 0 there is a bug.
  disagreements: ({ executions }) => executions.disagreements,
  // Peers that somebody listens to no more, and proofs that somebody holds: above 0 a validator is dishonest.
  blockedPeers: ({ blockedPeers }) => blockedPeers.size,
  evidence: ({ evidence }) => evidence.length,
};

/** What shard_* shows. */
export function createShardReader(group: NodeGroup, genesis: Genesis, reach: Reach): ShardReader {
  const { shardCount } = genesis;
  return {
    shardCount,
    topology: () => {
      const { tree, validatorSets } = group.primary().chain;
      const running = reach.running();
      return {
        // The set that makes the next block.
        validators: validatorSets.ofChildren(tree.root).validators.map(({ publicKey }, index) => ({
          index,
          publicKey,
          running: running.some((key) => equalBytes(key, publicKey)),
        })),
        peers: reach.peers(),
        chunkHeads: tree.root.block.chunks.map(({ header }) => header),
        sectionHead: tree.root.block.section?.header ?? null,
        counters: countersOf([...group.running.values()]),
      };
    },
    supply: () => {
      const { tree, store } = group.primary().chain;
      const inFlight = tree.root.shards
        .flatMap(({ queue }) => queue)
        .reduce((sum, message) => sum + weiInFlight(message), 0n);
      return { blockNumber: tree.root.height, burned: store.burned(), inFlight };
    },
    residence: async (address) =>
      group.read(({ chain }) => {
        const state = new StateAt(chain, chain.tree.root.height);
        return { home: home(address, shardCount), residence: state.residence(address) };
      }),
    message: (id) => group.readLater(({ chain }) => chain.store.messagesById(id)),
    shardHead: (shard) => group.read((node) => shardHead(node, shard)),
    certificate: (number) => group.read((node) => certificateOf(node, number)),
    trace: (hash) => group.readLater((node) => trace(node, hash, shardCount)),
    chunkAt: (shard, number) => group.read((node) => chunkAt(node, shard, number)),
    chunkByHash: (shard, hash) => group.read((node) => chunkByHash(node, shard, hash)),
  };
}

function shardHead({ chain }: ValidatorNode, shard: ShardId): ShardHead {
  const { root } = chain.tree;
  const tip = chain.shardTip(root, shard);
  return {
    blockNumber: root.height,
    header: tip.header,
    stateRoot: tip.state.root,
    nextBaseFeePerGas: nextBaseFee(tip.header),
    missedHeights: tip.missed,
    queuedMessages: tip.queue.length,
    allowances: allowancesOn(root, shard),
  };
}

/** A finalization covers all ancestors: of an epoch that is over the one of its last block is kept, else the newest. */
function certificateOf({ chain }: ValidatorNode, number: bigint): BlockCertificate | null {
  const { store, epochs, genesisHash, genesis } = chain;
  if (number === 0n) return null;
  const epoch = epochs.epochOf(number);
  const certificate = store.finalizationOf(epoch);
  const certified = certificate === null ? null : store.blockByHash(certificate.tuple.blockHash);
  if (certificate === null || certified === null || certified.header.number < number) return null;
  const validators = chain.validatorSets.ofEpoch(epoch);
  const domain = { genesisHash, chainId: genesis.chainId, epoch, validatorSetHash: validators.hash };
  const message = signingMessage(domain, { kind: 'finalize', tuple: certificate.tuple });
  return { certificate, certifiedNumber: certified.header.number, validators, message };
}

function countersOf(nodes: readonly ValidatorNode[]): Readonly<Record<string, number>> {
  const sum = (read: (node: ValidatorNode) => number): number => nodes.reduce((total, node) => total + read(node), 0);
  return Object.fromEntries(Object.entries(COUNTERS).map(([name, read]) => [name, sum(read)] as const));
}

async function trace(node: ValidatorNode, hash: Hash, shardCount: number): Promise<TransactionTrace | null> {
  const { chain, pool } = node;
  const location = chain.store.transactionLocation(hash);
  if (location !== null) return traceIncluded(chain.store, hash, location, shardCount);
  const pooled = pool.get(hash);
  if (pooled === undefined) return null;
  return {
    ...NOWHERE,
    hash,
    homeShard: home(pooled.sender, shardCount),
    status: 'pending',
    waitsFor: congestedShard(chain, chain.tree.root, pooled) ?? waitsForSection(node, pooled),
  };
}

const NOWHERE = {
  way: null,
  dispatchedIn: null,
  executedIn: null,
  executedShard: null,
  waitsFor: null,
  messages: [],
} as const;

function waitsForSection({ chain, routes }: ValidatorNode, pooled: RecoveredTransaction): 'section' | null {
  return routes.routeOf(pooled, routeViewOn(chain.tree.root)) === 'section' ? 'section' : null;
}

async function traceIncluded(
  store: ChainStore,
  hash: Hash,
  location: TransactionLocation,
  shardCount: number,
): Promise<TransactionTrace> {
  const messages = (await store.messagesOf(hash)).map(({ message, emittedIn, deliveredIn }) => {
    const { id, kind, source, destination, sequence, value } = message;
    return { id, kind, source, destination, sequence, value, emittedIn, deliveredIn };
  });
  if (location.kind === 'dispatched') {
    const { sender } = location.transaction;
    const homeShard = home(sender, shardCount);
    return {
      ...NOWHERE,
      hash,
      homeShard,
      status: 'dispatched',
      way: 'dispatched',
      dispatchedIn: location.height,
      messages,
    };
  }
  const { height, part, index, dispatchedIn } = location;
  const inSection = part === shardCount;
  return {
    ...NOWHERE,
    hash,
    homeShard: home(senderOf(store, height, part, index), shardCount),
    status: 'executed',
    way: inSection ? 'section' : dispatchedIn === null ? 'local' : 'dispatched',
    dispatchedIn,
    executedIn: height,
    executedShard: inSection ? null : part,
    messages,
  };
}

function senderOf(store: ChainStore, height: bigint, part: number, index: number): Address {
  const execution = store.executions(height)[part]?.[index];
  if (execution === undefined)
    throw new ImpossibleStateError(`block ${height} has no transaction ${index} in its part ${part}`);
  return execution.transaction.sender;
}
