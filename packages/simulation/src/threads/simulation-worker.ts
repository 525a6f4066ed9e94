import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ImpossibleStateError } from '@heddle/primitives';
import type { Job, JobKind, Results } from '../engine/job.ts';
import { runJob } from '../engine/run-job.ts';
import { ResultTooLargeError } from '../errors.ts';
import type { StateSource } from '../types.ts';
import { AskingSource } from './asking-source.ts';
import { CLAIM, type JobFailure, type Order, type Read, type ReadAnswer, type WorkerInheritance } from './protocol.ts';

/* Where a worker thread of the simulation pool begins. Loading this module is all: it does jobs until it is ended. */

type PortOfParent = NonNullable<typeof parentPort>;

/** The main thread knows why. */
class ReadFailedError extends Error {}

function serveJobs(inheritance: WorkerInheritance): void {
  const port = parentPort;
  if (port === null) throw new ImpossibleStateError('simulation-worker.ts is for a worker thread');
  const worker = new SimulationWorker(port, inheritance);
  port.on('message', (order: Order) => worker.obey(order));
}

class SimulationWorker {
  readonly #port: PortOfParent;
  readonly #answers: WorkerInheritance['answers'];
  readonly #answered: Int32Array;
  readonly #claims: Int32Array;
  readonly #source: AskingSource;
  #job = 0;

  constructor(port: PortOfParent, { claims, answered, answers }: WorkerInheritance) {
    this.#port = port;
    this.#answers = answers;
    this.#answered = new Int32Array(answered);
    this.#claims = new Int32Array(claims);
    this.#source = new AskingSource((read) => this.#ask(read));
  }

  obey(order: Order): void {
    if (order.kind === 'greeting') {
      this.#port.postMessage({ kind: 'ready' });
      return;
    }
    const { id, slot } = order;
    this.#source.known.learn(order.facts);
    if (Atomics.compareExchange(this.#claims, slot, CLAIM.waiting, CLAIM.running) !== CLAIM.waiting) {
      this.#port.postMessage({ kind: 'skipped', id });
      return;
    }
    this.#job = id;
    this.#source.forgetJob();
    try {
      this.#port.postMessage({ kind: 'done', id, result: perform(order.job, this.#source) });
    } catch (error) {
      // Nothing but what stays true goes from job to job: the worker does the next one.
      this.#port.postMessage({ kind: 'failed', id, failure: failureOf(error) });
    }
  }

  #ask(read: Read): ReadAnswer {
    Atomics.store(this.#answered, 0, 0);
    this.#port.postMessage({ kind: 'read', id: this.#job, read });
    Atomics.wait(this.#answered, 0, 0);
    const answer = this.#receive();
    if (answer.kind === 'failed') throw new ReadFailedError();
    return answer;
  }

  #receive(): ReadAnswer {
    const received: { readonly message: ReadAnswer } | undefined = receiveMessageOnPort(this.#answers);
    if (received === undefined) throw new ImpossibleStateError('it was woken without an answer');
    return received.message;
  }
}

function perform<Kind extends JobKind>(job: Job<Kind>, source: StateSource): Results[Kind] {
  return runJob(job.kind, job.task, source);
}

function failureOf(error: unknown): JobFailure {
  if (error instanceof ReadFailedError) return { kind: 'read' };
  if (error instanceof ResultTooLargeError) return { kind: 'tooLarge', limitBytes: error.facts.limitBytes };
  return { kind: 'error', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

// The classes above are there only now.
serveJobs(workerData);
