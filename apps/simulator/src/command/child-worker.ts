import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { YOUNG_GENERATION_MIB } from '../limits.ts';

const FLAGS = [...process.execArgv, `--max-semi-space-size=${YOUNG_GENERATION_MIB}`];
const MAIN = join(import.meta.dirname, '..', 'main.ts');

export interface ChildWorkerOptions<Answer> {
  /** What the command line of the process says: a hidden command that answers numbers. */
  readonly words: readonly string[];
  /** Real time that one answer may take. */
  readonly limitMs: number;
  isAnswer(value: unknown): value is Answer;
  /** What stands for the answer when the process ended without one. */
  lost(request: number, reason: string): Answer;
}

/** A process of its own that answers one number after the other; it is started again when it is lost. */
export class ChildWorker<Answer> {
  readonly #options: ChildWorkerOptions<Answer>;
  #child: ChildProcess | null = null;

  constructor(options: ChildWorkerOptions<Answer>) {
    this.#options = options;
  }

  ask(request: number): Promise<Answer> {
    const { words, limitMs, isAnswer, lost } = this.#options;
    return new Promise((resolve) => {
      const child =
        this.#child ?? fork(MAIN, words, { execArgv: FLAGS, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      this.#child = child;
      const finish = (answer: Answer): void => {
        clearTimeout(limit);
        child.removeAllListeners();
        resolve(answer);
      };
      const lose = (reason: string): void => {
        this.#child = null;
        finish(lost(request, reason));
      };
      const limit = setTimeout(() => {
        child.kill('SIGKILL');
        lose(`no end within ${limitMs} ms`);
      }, limitMs);
      child.on('message', (answer) => {
        if (isAnswer(answer)) finish(answer);
      });
      child.on('error', (error) => lose(error.message));
      child.on('exit', (code, signal) => lose(`exit ${signal ?? code}`));
      child.send(request);
    });
  }

  stop(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill();
    this.#child = null;
  }
}
