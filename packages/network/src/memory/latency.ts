import { InvalidFaultError } from '../errors.ts';
import { MAX_LATENCY_MS } from '../limits.ts';
import type { PeerId } from '../transport.ts';

/** What a frame takes, milliseconds: `ms`, and up to `jitterMs` more, each frame anew. */
export interface Delay {
  readonly ms: number;
  readonly jitterMs: number;
}

/** One direction between two peers. */
export interface LinkLatency extends Delay {
  readonly from: PeerId;
  readonly to: PeerId;
}

/** Of every link; the last one of `links` that names a direction decides over it. */
export interface Latency extends Delay {
  readonly links: readonly LinkLatency[];
}

export const NO_LATENCY: Latency = { ms: 0, jitterMs: 0, links: [] };

/** Milliseconds that a frame from one peer to another takes; `draw` gives a number in 0 … 1, without 1. */
export function delayOf(latency: Latency, from: PeerId, to: PeerId, draw: () => number): number {
  const { ms, jitterMs } = latency.links.findLast((link) => link.from === from && link.to === to) ?? latency;
  return jitterMs === 0 ? ms : ms + Math.floor(draw() * (jitterMs + 1));
}

/** Throws `InvalidFaultError`. */
export function checkLatency(latency: Latency): void {
  for (const { ms, jitterMs } of [latency, ...latency.links]) {
    checkDelay('latency', ms);
    checkDelay('jitter', jitterMs);
    checkDelay('latency with jitter', ms + jitterMs);
  }
}

function checkDelay(what: string, ms: number): void {
  if (!(ms >= 0 && ms <= MAX_LATENCY_MS)) throw new InvalidFaultError(what, ms, `in 0 … ${MAX_LATENCY_MS} ms`);
}
