import { type OpenValidator, openValidator, type ValidatorOptions } from '@heddle/node';
import { Dice, type Scheduler, secureRandom } from '@heddle/runtime';
import type { ValidatorIndex } from '@heddle/types';
import { type Actor, UNTOUCHED } from './actor.ts';
import { type ActorLife, createActorTools } from './actor-tools.ts';
import { Seats } from './seats.ts';
import { tamperedExecutor } from './tampered-executor.ts';
import { tamperedTransport } from './tampered-transport.ts';

export interface CorruptedOptions {
  readonly actor: Actor;
  /** What it is called by until it has been in a set. */
  readonly index: ValidatorIndex;
  /** Told of everything that it does and no honest validator does. */
  misdeed(): void;
}

/** As `openValidator`, for one whose owner is dishonest: its node is what all nodes are, and does not know. */
export async function openCorrupted(
  { actor, index, misdeed }: CorruptedOptions,
  options: ValidatorOptions,
): Promise<OpenValidator> {
  const { executor, transport, clock, signDigest } = options;
  let tampering = UNTOUCHED;
  const opened = await openValidator({
    ...options,
    executor: tamperedExecutor(executor, () => tampering),
    transport: tamperedTransport(transport, {
      indexOf: (peer) => seats.indexOf(peer) ?? seats.set.validators.length,
      tampering: () => tampering,
    }),
  });
  const { chain } = opened.node;
  const seats = new Seats(chain);
  const life = new DevnetLife(options.scheduler);
  const dice = new Dice(secureRandom);
  const wallMs = (): number => clock.wallMs();
  tampering = actor.start(
    createActorTools({ index, chain, seats, transport, life, dice, wallMs, signDigest, misdeed }),
  );
  const close = (): Promise<void> => {
    life.end();
    return opened.close();
  };
  return { ...opened, close };
}

/** What the actor has put off is not done when the validator has been closed. */
class DevnetLife implements ActorLife {
  readonly scheduler: Scheduler;
  #isAlive = true;

  constructor(scheduler: Scheduler) {
    const inLife = (task: () => void) => (): void => {
      if (this.#isAlive) task();
    };
    this.scheduler = {
      after: (delayMs, task) => scheduler.after(delayMs, inLife(task)),
      soon: (task) => scheduler.soon(inLife(task)),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  end(): void {
    this.#isAlive = false;
  }
}
