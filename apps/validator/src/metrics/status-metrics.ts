import type { NodeRole, NodeStatus, ShardStatus } from '@heddle/node';
import { Gauge, type Registry } from 'prom-client';

/** One number of the status. */
type Reading = readonly [name: string, help: string, read: (status: NodeStatus) => number];

const READINGS: readonly Reading[] = [
  ['head_height', 'Height of the latest final block', ({ head }) => Number(head)],
  [
    'head_timestamp_seconds',
    'Timestamp of the latest final block, seconds since 1970',
    ({ headTimestamp }) => Number(headTimestamp),
  ],
  ['view', 'View of the newest finalization, in its epoch', ({ view }) => Number(view)],
  ['epoch', 'Epoch of the next block', ({ epoch }) => Number(epoch)],
  ['peers', 'Connected nodes', ({ peers }) => peers],
  ['validators', 'Validators of the next block', ({ validators }) => validators],
  [
    'validators_reached',
    'Validators of the next block that are within reach, itself included',
    ({ reachedValidators }) => reachedValidators,
  ],
  ['quorum', 'Validators that are needed for a block', ({ quorum }) => quorum],
  ['catching_up', '1 while it fetches final blocks that it does not have', ({ isCatchingUp }) => Number(isCatchingUp)],
  [
    'clock_ahead_seconds',
    'By how much its clock is ahead of those of the validators; below 0: behind; 0 where nothing shows it',
    ({ clockAheadMs }) => clockAheadMs / 1_000,
  ],
  ['pool_transactions', 'Transactions in the pool', ({ pooledTransactions }) => pooledTransactions],
  ['unfinal_blocks', 'Executed blocks that are not final yet', ({ unfinalBlocks }) => unfinalBlocks],
  ['held_message_bytes', 'Bytes of messages that wait for something', ({ heldBytes }) => heldBytes],
  ['blocked_peers', 'Peers that nothing is read of in this epoch', ({ blockedPeers }) => blockedPeers],
  ['evidence', 'Proofs of contradicting signatures since the start', ({ evidence }) => evidence],
  [
    'lane_disagreements',
    'Valid chunks that lanes refused since the start',
    ({ laneDisagreements }) => laneDisagreements,
  ],
];

type ShardReading = readonly [name: string, help: string, read: (shard: ShardStatus) => number];

const SHARD_READINGS: readonly ShardReading[] = [
  ['gas_used', 'Gas of its latest chunk', ({ gasUsed }) => Number(gasUsed)],
  ['gas_limit', 'Limit of its latest chunk', ({ gasLimit }) => Number(gasLimit)],
  ['queued_messages', 'Messages that wait to be delivered', ({ queuedMessages }) => queuedMessages],
  ['missed_blocks', 'Final blocks in a row without a chunk of it', ({ missedBlocks }) => missedBlocks],
];

const ROLES: readonly NodeRole[] = ['validator', 'follower', 'watching'];

/** Gauges of what the node is like. They show what the returned function was told last. */
export function statusMetrics(registry: Registry): (status: NodeStatus) => void {
  const registers = [registry];
  const gauges = READINGS.map(([name, help, read]) => {
    const gauge = new Gauge({ name: `heddle_${name}`, help, registers });
    return (status: NodeStatus): void => gauge.set(read(status));
  });
  const shardGauges = SHARD_READINGS.map(([name, help, read]) => {
    const gauge = new Gauge({ name: `heddle_shard_${name}`, help, labelNames: ['shard'], registers });
    return (shard: ShardStatus): void => gauge.set({ shard: shard.shard }, read(shard));
  });
  const role = new Gauge({
    name: 'heddle_role',
    help: '1 for what it is: a validator, a follower, or one that watches whether its key is used elsewhere',
    labelNames: ['role'],
    registers,
  });
  return (status) => {
    for (const show of gauges) show(status);
    for (const shard of status.shards) for (const show of shardGauges) show(shard);
    for (const each of ROLES) role.set({ role: each }, Number(status.role === each));
  };
}
