import type { ChainStatus } from '@heddle/rpc';
import type { Cancel, Clock, Scheduler } from '@heddle/runtime';
import { quorum } from '@heddle/types';
import { HALT_AFTER_MS, WATCH_INTERVAL_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { ChainFacts } from '../rpc-backend/chain-facts.ts';

/** Why no block comes, as far as the facts tell; null while there is nothing wrong. */
export function whyHalted(facts: ChainFacts, stalledMs: number, blockTimeMs: number): string | null {
  const { running, connected, validators, hasWork, transactions, hindrance } = facts;
  const wanted = quorum(validators);
  if (running < wanted) {
    return `too few validators are running: ${running} of ${validators}, ${wanted} are needed; start them with heddle_startValidator`;
  }
  if (connected < wanted) {
    return `the network is partitioned: ${connected} of ${validators} validators reach one another at the most, ${wanted} are needed; join them with heddle_heal`;
  }
  // A network without work makes no blocks: that is how it should be.
  if (!hasWork || stalledMs < HALT_AFTER_MS + 2 * blockTimeMs) return null;
  return `no block for ${Math.round(stalledMs / 1_000)} seconds although there is work (${transactions} transactions are waiting): ${hindrance ?? 'the log says more'}`;
}

type Parts = { readonly clock: Clock; readonly scheduler: Scheduler; readonly log: Logger };

/** Looks now and then whether blocks come, remembers since when not, and logs when that changes. */
export class ChainWatch {
  readonly #look: (before: ChainFacts) => ChainFacts;
  readonly #blockTimeMs: number;
  readonly #parts: Parts;
  /** What was seen last: without a running validator nobody can be asked. */
  #facts: ChainFacts;
  /** Monotonic. */
  #lookedAtMs: number;
  /** Time with work and without a new block, as far as this process ran: it may have been suspended. */
  #stalledMs = 0;
  #status: ChainStatus = { kind: 'running' };
  #cancel: Cancel = () => {};

  /** `look` gives the facts of now; without anybody to ask, those that it is given, with nobody running. */
  constructor(first: ChainFacts, look: (before: ChainFacts) => ChainFacts, blockTimeMs: number, parts: Parts) {
    this.#look = look;
    this.#blockTimeMs = blockTimeMs;
    this.#parts = parts;
    this.#facts = first;
    this.#lookedAtMs = parts.clock.monotonicMs();
  }

  start(): void {
    this.#cancel = this.#parts.scheduler.after(WATCH_INTERVAL_MS, () => {
      this.status();
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }

  /** As of now. */
  status(): ChainStatus {
    const facts = this.#look(this.#facts);
    this.#advance(facts);
    const reason = whyHalted(facts, this.#stalledMs, this.#blockTimeMs);
    if (reason === null) this.#goesOn();
    else this.#isHalted(reason, facts.head);
    return this.#status;
  }

  #advance(facts: ChainFacts): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const passedMs = Math.min(nowMs - this.#lookedAtMs, 2 * WATCH_INTERVAL_MS);
    this.#lookedAtMs = nowMs;
    const isStalled = facts.hasWork && this.#facts.hasWork && facts.head === this.#facts.head;
    this.#stalledMs = isStalled ? this.#stalledMs + passedMs : 0;
    this.#facts = facts;
  }

  #goesOn(): void {
    if (this.#status.kind !== 'halted') return;
    const seconds = Math.round((this.#parts.clock.wallMs() - this.#status.sinceMs) / 1_000);
    this.#parts.log.info('the chain goes on', { haltedForSeconds: seconds });
    this.#status = { kind: 'running' };
  }

  #isHalted(reason: string, head: bigint): void {
    const nowMs = this.#parts.clock.wallMs();
    if (this.#status.kind === 'running') this.#parts.log.warn(`the chain has halted: ${reason}`, { head });
    const sinceMs = this.#status.kind === 'halted' ? this.#status.sinceMs : nowMs - this.#stalledMs;
    this.#status = { kind: 'halted', reason, sinceMs, head };
  }
}
