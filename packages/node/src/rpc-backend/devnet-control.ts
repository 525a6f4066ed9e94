import type { DevnetControl } from '@heddle/rpc';
import type { NodeGroup } from './node-group.ts';

/** Starts and stops validators by index; false when it is in that state already. */
export interface ValidatorSwitch {
  /** Indices are below this. */
  readonly validatorCount: number;
  start(index: number): Promise<boolean>;
  stop(index: number): Promise<boolean>;
}

/** Controls of a devnet. Blocks on request are made by consensus like all others. */
export function createDevnetControl(group: NodeGroup, validators: ValidatorSwitch): DevnetControl {
  return {
    validatorCount: validators.validatorCount,
    mine: (count) => mine(group, count),
    stopValidator: (index) => validators.stop(index),
    startValidator: (index) => validators.start(index),
  };
}

function mine(group: NodeGroup, count: number): Promise<void> {
  const target = group.primary().chain.tree.root.height + BigInt(count);
  const done = new Promise<void>((resolve) => {
    const unsubscribe = group.onBlock((block) => {
      if (block.block.header.number < target) return;
      unsubscribe();
      resolve();
    });
  });
  for (const node of group.running.values()) node.wantHeight(target);
  return done;
}
