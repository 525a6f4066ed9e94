/** The load generator's process: does what `plan.ts` describes, for one plan after another. Started by `load.ts`. */
import type { FromGenerator, Plan, Script, ToGenerator } from './plan.ts';
import { openWire, type Wire } from './wire.ts';

/** An error stands near the beginning of an answer, of a batch's first as well. */
const LOOKED_AT_BYTES = 120;

let run: (() => void) | null = null;

process.on('message', (message: ToGenerator) => {
  if (message.kind === 'go') run?.();
  else prepare(message).catch((error: unknown) => say({ kind: 'failed', reason: String(error) }));
});

function say(message: FromGenerator): void {
  process.send?.(message);
}

async function prepare(plan: Plan): Promise<void> {
  let running = plan.scripts.length;
  let answers = 0;
  let started = 0;
  let cpu = process.cpuUsage();
  const clients = await Promise.all(plan.scripts.map((script) => Client.open(plan, script, ended, failed)));
  function ended(count: number): void {
    answers += count;
    running -= 1;
    if (running > 0) return;
    const { user, system } = process.cpuUsage(cpu);
    for (const client of clients) client.close();
    say({ kind: 'done', answers, elapsedMs: performance.now() - started, cpuMs: (user + system) / 1_000 });
  }
  function failed(reason: string): void {
    for (const client of clients) client.close();
    say({ kind: 'failed', reason });
  }
  run = () => {
    cpu = process.cpuUsage();
    started = performance.now();
    for (const client of clients) client.start(started);
  };
  say({ kind: 'ready' });
}

/** One connection with its script. */
class Client {
  readonly #script: Script;
  readonly #ended: (answers: number) => void;
  readonly #failed: (reason: string) => void;
  #wire: Wire | null = null;
  #messages: readonly Buffer[] = [];
  #answers = 0;
  #answerLength = 0;
  #deadline = 0;

  private constructor(script: Script, ended: (answers: number) => void, failed: (reason: string) => void) {
    this.#script = script;
    this.#ended = ended;
    this.#failed = failed;
  }

  static async open(
    { host, port, transport }: Plan,
    script: Script,
    ended: (answers: number) => void,
    failed: (reason: string) => void,
  ): Promise<Client> {
    const client = new Client(script, ended, failed);
    const listener = { answered: client.#answered.bind(client), failed };
    const wire = await openWire(transport, host, port, listener);
    client.#wire = wire;
    client.#messages = (script.kind === 'once' ? script.messages : [script.message]).map((text) => wire.prepare(text));
    return client;
  }

  start(now: number): void {
    this.#deadline = this.#script.kind === 'repeat' ? now + this.#script.forMs : 0;
    this.#sendNext();
  }

  close(): void {
    this.#wire?.close();
  }

  #sendNext(): void {
    const message = this.#messages[this.#script.kind === 'repeat' ? 0 : this.#answers];
    if (message !== undefined) this.#wire?.send(message);
  }

  /** Nothing changes while reads are measured: an answer of another length is not the answer. */
  #answered(start: Buffer, length: number): void {
    const head = start.toString('latin1', 0, LOOKED_AT_BYTES);
    if (head.includes('"error"')) return this.#failed(`refused: ${start.toString('latin1', 0, 300)}`);
    if (this.#answerLength === 0) this.#answerLength = length;
    if (length !== this.#answerLength)
      return this.#failed(`an answer of ${length} bytes, before ${this.#answerLength}`);
    this.#answers += 1;
    const isOver =
      this.#script.kind === 'repeat' ? performance.now() >= this.#deadline : this.#answers === this.#messages.length;
    if (isOver) this.#ended(this.#answers);
    else this.#sendNext();
  }
}
