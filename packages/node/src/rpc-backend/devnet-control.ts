import type { DevnetControl, DevnetMining, DevnetTime, RewindControl } from '@heddle/rpc';
import type { Address, ControlOperation, Hash, RecoveredTransaction } from '@heddle/types';
import type { ControlSequencer } from '../devnet/control-sequencer.ts';
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
  readonly rewinds: RewindControl;
  readonly gate: Pick<RequestGate, 'outside'>;
}

/** What a devnet is controlled by. */
export interface ControlParts {
  readonly group: NodeGroup;
  readonly validators: ValidatorSwitch;
  readonly sequencer: Pick<ControlSequencer, 'submit'>;
  readonly mining: DevnetMining;
  readonly time: DevnetTime;
}

/** Controls of a devnet. Blocks on request are made by consensus like all others. */
export function createDevnetControl({ group, validators, sequencer, mining, time }: ControlParts): DevnetControl {
  return {
    apply: async (operations: readonly ControlOperation[]) => {
      await sequencer.submit(() => operations);
    },
    mining,
    time,
    rewind: null,
    setCoinbase: (coinbase) => validators.setCoinbase(coinbase),
    dropTransactions: (isMeant) => dropTransactions(group, isMeant),
    validatorCount: validators.validatorCount,
    stopValidator: (index) => validators.stop(index),
    startValidator: (index) => validators.start(index),
    rewinds: askedFor(validators),
  };
}

/** By requests, which are inside the gate that a rewind closes. */
function askedFor({ rewinds, gate }: ValidatorSwitch): RewindControl {
  return {
    snapshot: () => gate.outside(() => rewinds.snapshot()),
    revert: (id) => gate.outside(() => rewinds.revert(id)),
    reset: () => gate.outside(() => rewinds.reset()),
    dumpState: () => gate.outside(() => rewinds.dumpState()),
    loadState: (dump) => gate.outside(() => rewinds.loadState(dump)),
  };
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
