import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Done, FromGenerator, Plan, ToGenerator } from './plan.ts';

/** The load generator, in a process of its own so that neither this one nor the server waits for it. */
export class Load {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'generator.ts'), { serialization: 'advanced' });
    process.once('exit', () => this.#child.kill('SIGKILL'));
  }

  /** Opens the connections. Nothing is sent yet. */
  async prepare(plan: Plan): Promise<void> {
    const said = await this.#ask(plan);
    if (said.kind !== 'ready') throw new Error(`the load generator is not ready: ${JSON.stringify(said)}`);
  }

  /** Sends what was prepared. Throws when an answer is an error. */
  async run(): Promise<Done> {
    const said = await this.#ask({ kind: 'go' });
    if (said.kind !== 'done')
      throw new Error(said.kind === 'failed' ? said.reason : 'the load generator lost its plan');
    return said;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #ask(message: ToGenerator): Promise<FromGenerator> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the load generator ended with ${code}`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (said: FromGenerator) => {
        this.#child.removeListener('exit', onExit);
        resolve(said);
      });
      this.#child.send(message);
    });
  }
}
