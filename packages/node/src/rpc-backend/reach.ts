import type { NodeGroup } from './node-group.ts';

/** Who of the network is there, as far as this process can tell. */
export interface Reach {
  /** Public keys of nodes that run: validators or not. */
  running(): readonly Uint8Array[];
  /** Nodes that those of this process are connected to, or that run beside its first one. */
  peers(): number;
}

/** Of a process that runs all validators itself. */
export function reachWithin(group: NodeGroup): Reach {
  return {
    running: () => [...group.running.values()].map(({ publicKey }) => publicKey),
    peers: () => Math.max(0, group.running.size - 1),
  };
}
