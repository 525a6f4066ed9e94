import type { DevnetControl, DevnetMining, DevnetRewind, DevnetTime } from '@heddle/rpc';
import { ChainImageError, ChainTooLargeError } from '@heddle/storage';
import type { Address, ControlOperation, Hash, RecoveredTransaction } from '@heddle/types';
import type { ControlSequencer } from '../devnet/control-sequencer.ts';
import type { DevnetClock } from '../devnet/devnet-clock.ts';
import type { Mining } from '../devnet/mining.ts';
import { ControlRefusedError } from '../errors.ts';
import type { NodeGroup } from './node-group.ts';
import type { RequestGate } from './request-gate.ts';

/** Starts and stops validators by index; false when it is in that state already. */
export interface ValidatorSwitch {
  /** Indices are below this. */
  readonly validatorCount: number;
  start(index: number): Promise<boolean>;
  stop(index: number): Promise<boolean>;
  /** COINBASE of what validators make from now on. */
  setCoinbase(coinbase: Address): void;
  /** Takes the chain of all of them elsewhere. */
  readonly rewinds: DevnetRewind;
  readonly gate: Pick<RequestGate, 'outside'>;
}

/** What a devnet is controlled by. */
export interface ControlParts {
  readonly group: NodeGroup;
  readonly validators: ValidatorSwitch;
  readonly sequencer: Pick<ControlSequencer, 'submit'>;
  readonly mining: DevnetMining & Pick<Mining, 'pausedFor'>;
  readonly time: Pick<DevnetClock, 'rewound'> & DevnetTime;
}

/** Controls of a devnet. Blocks on request are made by consensus like all others. */
export function createDevnetControl({
  group,
  validators,
  sequencer,
  mining,
  time: clock,
}: ControlParts): DevnetControl {
  return {
    apply: async (operations: readonly ControlOperation[]) => {
      await sequencer.submit(() => operations);
    },
    mining,
    time: clock,
    rewind: askedFor(validators, mining, () => clock.rewound(group.primary().chain.tree.root.block.header.timestamp)),
    setCoinbase: (coinbase) => validators.setCoinbase(coinbase),
    dropTransactions: (isMeant) => dropTransactions(group, isMeant),
    validatorCount: validators.validatorCount,
    stopValidator: (index) => validators.stop(index),
    startValidator: (index) => validators.start(index),
  };
}

/**
 * By requests, which are inside the gate that a rewind closes. Whoever mines or changes something has a chain before and one
 * after. `rewound`: time goes on from the head that is there then.
 */
function askedFor(
  { rewinds, gate }: ValidatorSwitch,
  mining: Pick<Mining, 'pausedFor'>,
  rewound: () => void,
): DevnetRewind {
  const alone = <Result>(work: () => Promise<Result>): Promise<Result> =>
    gate.outside(() => mining.pausedFor(() => answering(work)));
  return {
    snapshot: () => alone(() => rewinds.snapshot()),
    revert: (id) =>
      alone(async () => {
        const isDone = await rewinds.revert(id);
        if (isDone) rewound();
        return isDone;
      }),
    reset: () => alone(() => rewinds.reset().then(rewound)),
    dumpState: () => alone(() => rewinds.dumpState()),
    loadState: (dump) => alone(() => rewinds.loadState(dump).then(rewound)),
  };
}

/** What the caller can do something about is an answer. */
async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChainImageError || error instanceof ChainTooLargeError)
      throw new ControlRefusedError(error.message);
    throw error;
  }
}

/** One validator's pool is like another's, but for what is on its way. */
function dropTransactions(group: NodeGroup, isMeant: (transaction: RecoveredTransaction) => boolean): readonly Hash[] {
  const meant = new Set<Hash>();
  for (const node of group.running.values()) {
    for (const transaction of node.pool.all()) if (isMeant(transaction)) meant.add(transaction.hash);
  }
  for (const node of group.running.values()) node.dropTransactions(meant);
  return [...meant];
}
