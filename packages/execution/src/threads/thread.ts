import { Worker } from 'node:worker_threads';
import { reasonOf } from '../lanes/run-index.ts';
import { WORKER_YOUNG_GENERATION_MB } from './limits.ts';
import type { Answer, Order, Work } from './protocol.ts';

export interface ThreadListener {
  answered(answer: Exclude<Answer, { readonly kind: 'ready' }>): void;
  /** It ended, by itself or by `end`. */
  ended(thread: Thread, reason: string): void;
}

/**
 * One worker thread. Ending a thread, or the process, while it evaluates modules with a top-level await can abort the
 * whole process (nodejs/node#43182, #60755): so until it has answered its greeting it keeps the process alive, and `end`
 * waits for it.
 */
export class Thread {
  readonly #worker: Worker;
  readonly #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  #isReady = false;
  #isBusy = false;

  constructor(entry: URL, listener: ThreadListener) {
    const resourceLimits = { maxYoungGenerationSizeMb: WORKER_YOUNG_GENERATION_MB };
    this.#worker = new Worker(entry, { name: 'heddle-lane', resourceLimits });
    let reason = 'a worker ended by itself';
    this.#worker.on('message', (answer: Answer) => {
      if (answer.kind === 'ready') this.#becomeReady();
      else listener.answered(answer);
    });
    this.#worker.on('error', (error) => {
      reason = reasonOf(error);
    });
    this.#worker.on('exit', () => {
      this.#becomeReady();
      listener.ended(this, reason);
    });
    this.#send({ kind: 'greeting' });
  }

  /** While it works it keeps the process alive. */
  begin(work: Work): void {
    this.#isBusy = true;
    this.#worker.ref();
    this.#send(work);
  }

  /** There is nothing to do for it. */
  rest(): void {
    this.#isBusy = false;
    if (this.#isReady) this.#worker.unref();
  }

  async end(): Promise<void> {
    await this.#ready.promise;
    await this.#worker.terminate();
  }

  #becomeReady(): void {
    this.#isReady = true;
    this.#ready.resolve();
    if (!this.#isBusy) this.#worker.unref();
  }

  #send(order: Order): void {
    this.#worker.postMessage(order);
  }
}
