import { EXIT_CODES, type ExitCode, errorMessage } from './errors.ts';
import { REPEATED_SIGNAL_MS, STOP_LIMIT_MS } from './limits.ts';

/** Signals that ask for an ordered stop. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What a stop needs of the process; tests give their own. */
export interface ProcessPort {
  readonly monotonicMs: () => number;
  /** Runs once after the delay, without keeping the process alive. */
  readonly after: (delayMs: number, task: () => void) => void;
  readonly printError: (text: string) => void;
  readonly exit: (code: ExitCode) => void;
}

/**
 * Stops in order at the first signal, at once at a later one. A repetition within 500 ms is the same one: a terminal
 * and npm each deliver a Ctrl-C. A signal before the start is complete takes effect when it is.
 */
export class Lifecycle {
  readonly #port: ProcessPort;
  #stop: (() => Promise<void>) | null = null;
  #signalledAtMs: number | null = null;
  #stopping = false;
  /** What a stop that succeeds ends with. */
  #code: ExitCode = EXIT_CODES.ok;
  #isGivingUp = false;

  constructor(port: ProcessPort) {
    this.#port = port;
  }

  /** A signal has come. */
  get isStopping(): boolean {
    return this.#signalledAtMs !== null;
  }

  /** Something runs now that `stop` closes. */
  started(stop: () => Promise<void>): void {
    this.#stop = stop;
    if (this.#signalledAtMs !== null) void this.#stopNow(stop);
  }

  onSignal(signal: StopSignal): void {
    const nowMs = this.#port.monotonicMs();
    if (this.#signalledAtMs !== null) {
      // The first one after a stop that nobody asked for asks for what is being done already.
      const isFirst = this.#isGivingUp;
      this.#isGivingUp = false;
      if (isFirst || nowMs - this.#signalledAtMs < REPEATED_SIGNAL_MS) return;
      this.#port.printError('heddle: stopped without waiting\n');
      this.#port.exit(EXIT_CODES.forced);
      return;
    }
    this.#begin(`${signal}, stopping`, nowMs);
  }

  /** Nobody asked for the end, but there is no going on: stops in order and ends with `code`. */
  giveUp(reason: string, code: ExitCode): void {
    if (this.#signalledAtMs !== null) return;
    this.#code = code;
    this.#isGivingUp = true;
    this.#begin(reason, this.#port.monotonicMs());
  }

  #begin(reason: string, nowMs: number): void {
    this.#signalledAtMs = nowMs;
    this.#port.printError(`heddle: ${reason}\n`);
    this.#port.after(STOP_LIMIT_MS, () => {
      this.#port.printError(`heddle: still not stopped after ${STOP_LIMIT_MS / 1_000} s, ending\n`);
      this.#port.exit(this.#code === EXIT_CODES.ok ? EXIT_CODES.failure : this.#code);
    });
    if (this.#stop !== null) void this.#stopNow(this.#stop);
  }

  async #stopNow(stop: () => Promise<void>): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    try {
      await stop();
      this.#port.exit(this.#code);
    } catch (error) {
      this.#port.printError(`heddle: could not stop in order: ${errorMessage(error)}\n`);
      this.#port.exit(this.#code === EXIT_CODES.ok ? EXIT_CODES.failure : this.#code);
    }
  }
}
