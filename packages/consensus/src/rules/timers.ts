import { skippedViews } from '../engine/ancestry.ts';
import type { ClockMode, EngineState } from '../engine/state.ts';
import { viewRecord } from '../engine/state.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { BACKOFF_FACTOR, NOTARIZATION_TIMEOUT_FACTOR, PROPOSAL_TIMEOUT_FACTOR, RETRY_FACTOR } from '../limits.ts';
import { isLeader } from './propose.ts';

/** [V2] T = min(Δ·1.5^k, cap), milliseconds. `skipped` is k ≥ 0. */
export function timeoutMs(deltaMs: number, capMs: number, skipped: bigint): number {
  let timeout = deltaMs;
  for (let k = 0n; k < skipped && timeout < capMs; k += 1n) timeout *= BACKOFF_FACTOR;
  return Math.round(Math.min(timeout, capMs));
}

/** [I1] Sets, changes or stops the timers when the view or the reason for them has changed. */
export function settleClock(t: EngineTransition): void {
  const wanted = wantedClock(t.state);
  const { clock, round } = t.state;
  if (wanted === clock && (round.clockSet || wanted === 'stopped')) return;
  t.set({ clock: wanted });
  t.setRound({ clockSet: true });
  if (wanted === 'running') run(t, clock);
  if (wanted === 'waiting') wait(t, clock);
  if (wanted === 'stopped') stop(t, clock);
}

/** [R1] The next retry of the current view. */
export function setRetryTimer(t: EngineTransition): void {
  setTimer(t, 'retry', RETRY_FACTOR * currentTimeoutMs(t.state));
}

/** [I2] Time runs only while somebody waits for something. */
function wantedClock(state: EngineState): ClockMode {
  if (hasBusiness(state)) return 'running';
  return state.config.maxIdleMs === null ? 'stopped' : 'waiting';
}

function hasBusiness(state: EngineState): boolean {
  const { currentView, finalizedView, round, workPending } = state;
  if (workPending || round.building !== null) return true;
  if (currentView - 1n > finalizedView) return true; // skipped views (k > 0), or a tail that is not final yet
  const { proposal, votes, ownNotarize, ownNullify } = viewRecord(state, currentView);
  if (proposal !== null || ownNotarize !== null || ownNullify !== null) return true;
  return votes.notarize.size + votes.nullify.size + votes.finalize.size > 0; // somebody else has business here
}

function run(t: EngineTransition, before: ClockMode): void {
  const timeout = currentTimeoutMs(t.state);
  if (before === 'waiting') t.emit({ kind: 'cancelTimer', timer: 'idle' });
  setTimer(t, 'proposal', PROPOSAL_TIMEOUT_FACTOR * timeout);
  setTimer(t, 'notarization', NOTARIZATION_TIMEOUT_FACTOR * timeout);
  setRetryTimer(t);
}

/** [I3] Idle with a finite maxIdle: the leader's heartbeat comes after it, so both timeouts are longer by as much. */
function wait(t: EngineTransition, before: ClockMode): void {
  const timeout = currentTimeoutMs(t.state);
  const maxIdleMs = t.state.config.maxIdleMs ?? 0;
  if (before === 'running') t.emit({ kind: 'cancelTimer', timer: 'retry' });
  setTimer(t, 'proposal', PROPOSAL_TIMEOUT_FACTOR * timeout + maxIdleMs);
  setTimer(t, 'notarization', NOTARIZATION_TIMEOUT_FACTOR * timeout + maxIdleMs);
  if (isLeader(t.state)) setTimer(t, 'idle', maxIdleMs);
  else if (before === 'waiting') t.emit({ kind: 'cancelTimer', timer: 'idle' });
}

function stop(t: EngineTransition, before: ClockMode): void {
  t.emit({ kind: 'cancelTimer', timer: 'proposal' });
  t.emit({ kind: 'cancelTimer', timer: 'notarization' });
  t.emit({ kind: 'cancelTimer', timer: before === 'waiting' ? 'idle' : 'retry' });
}

function currentTimeoutMs(state: EngineState): number {
  const { deltaMs, capMs } = state.config;
  return timeoutMs(deltaMs, capMs, backoff(state));
}

/**
 * [V2] k. Without the second part, a network slower than Δ could notarize a block every few views and never finalize
 * one: the notarization, which would take T back to Δ, comes when everyone has just nullified. Two views without
 * finality are the ordinary pipeline.
 */
function backoff(state: EngineState): bigint {
  const { currentView, finalizedView } = state;
  const skipped = skippedViews(state, currentView);
  const unfinal = currentView - 2n - finalizedView;
  return skipped > unfinal ? skipped : unfinal;
}

function setTimer(t: EngineTransition, timer: 'proposal' | 'notarization' | 'retry' | 'idle', delayMs: number): void {
  t.emit({ kind: 'setTimer', timer, view: t.state.currentView, delayMs });
}
