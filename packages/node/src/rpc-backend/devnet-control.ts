import type { DevnetControl, RewindControl } from '@heddle/rpc';
import type { NodeGroup } from './node-group.ts';
import type { RequestGate } from './request-gate.ts';

/** Starts and stops validators by index; false when it is in that state already. */
export interface ValidatorSwitch {
  /** Indices are below this. */
  readonly validatorCount: number;
  start(index: number): Promise<boolean>;
  stop(index: number): Promise<boolean>;
  /** Takes the chain of all of them elsewhere. */
  readonly rewinds: RewindControl;
  readonly gate: Pick<RequestGate, 'outside'>;
}

/** Controls of a devnet. Blocks on request are made by consensus like all others. */
export function createDevnetControl(group: NodeGroup, validators: ValidatorSwitch): DevnetControl {
  return {
    validatorCount: validators.validatorCount,
    mine: (count) => mine(group, count),
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

function mine(group: NodeGroup, count: number): Promise<void> {
  const target = group.primary().chain.tree.root.height + BigInt(count);
  const done = new Promise<void>((resolve) => {
    const end = (): void => {
      offBlock();
      offRewind();
      resolve();
    };
    const offBlock = group.onBlock((block) => {
      if (block.block.header.number >= target) end();
    });
    // Nobody makes those blocks any more.
    const offRewind = group.onRewind(end);
  });
  for (const node of group.running.values()) node.wantHeight(target);
  return done;
}
