import { createHash } from 'node:crypto';
import type { Cancel, Scheduler } from '@heddle/runtime';
import { MAX_SEEN_MESSAGES, SEEN_WINDOW_MS } from './limits.ts';

/** What names a gossip message: its topic and a hash of its payload. */
export function gossipId(topic: string, payload: Uint8Array): string {
  return `${topic}:${createHash('sha256').update(payload).digest('base64')}`;
}

/**
 * Remembers gossip messages against duplicates in two halves: each window the older half is dropped. So an id is kept
 * for one to two windows, or for `MAX_SEEN_MESSAGES` to twice as many other ids. No timer runs while nothing is kept.
 */
export class SeenMessages {
  readonly #scheduler: Scheduler;
  #newer = new Set<string>();
  #older = new Set<string>();
  #cancelTurn: Cancel | null = null;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** False if `id` was there already. */
  add(id: string): boolean {
    if (this.#newer.has(id) || this.#older.has(id)) return false;
    if (this.#newer.size >= MAX_SEEN_MESSAGES) this.#turn();
    this.#newer.add(id);
    this.#cancelTurn ??= this.#scheduler.after(SEEN_WINDOW_MS, () => this.#onWindow());
    return true;
  }

  clear(): void {
    this.#newer.clear();
    this.#older.clear();
    this.#cancelTurn?.();
    this.#cancelTurn = null;
  }

  #turn(): void {
    this.#older = this.#newer;
    this.#newer = new Set();
  }

  #onWindow(): void {
    this.#turn();
    this.#cancelTurn = this.#older.size > 0 ? this.#scheduler.after(SEEN_WINDOW_MS, () => this.#onWindow()) : null;
  }
}
