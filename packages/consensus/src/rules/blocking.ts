import type { ValidatorIndex } from '@heddle/types';
import type { Transition } from '../engine/transition.ts';

/** [C4] Reads nothing more of a peer that sent something it can't have believed. Never blocks this node itself. */
export function blockPeer(t: Transition, peer: ValidatorIndex, reason: string): void {
  const { blocked, config } = t.state;
  if (peer === config.validatorIndex || blocked.has(peer)) return;
  t.set({ blocked: new Set(blocked).add(peer) });
  t.emit({ kind: 'blockPeer', peer, reason });
}
