import type { Dice } from '@heddle/runtime';
import type { Samples } from '../../apps/simulator/src/wire/samples.ts';
import { wildShot } from '../../apps/simulator/src/wire/shots.ts';
import { identityOf, networkKeyOf } from '../../packages/libp2p/test/support/network.ts';
import { createAttacker, fire, joined } from './nodes.ts';
import type { Tally } from './tally.ts';
import type { Orders } from './target.ts';

/** Messages of one identity: it is blocked with the first that nobody can believe, what follows should cost nothing. */
const MESSAGES_PER_IDENTITY = 200;
/** As fast as one connection takes: a pause lets its streams write. */
const BURST = 20;
const PAUSE_MS = 5;
/** What was handed over is on its way. */
const LINGER_MS = 50;

/** Nodes of no validator, one after the other, each under a name of its own: most with a key, as if they were validators. */
export class Outsiders {
  readonly #orders: Orders;
  readonly #dice: Dice;
  readonly #samples: Samples;
  readonly #tally: Tally;
  #number = 0;

  constructor(orders: Orders, dice: Dice, samples: Samples, tally: Tally) {
    this.#orders = orders;
    this.#dice = dice;
    this.#samples = samples;
    this.#tally = tally;
  }

  /** One of them comes, says what it has to say, and goes. Resolves to the number of its messages. */
  async next(): Promise<number> {
    const dice = this.#dice;
    const name = `outsider ${this.#orders.seed} ${this.#number++}`;
    const withKey = dice.chance(0.7);
    const deed = this.#tally.of('outside', withKey ? 'distorted messages, with a key' : 'distorted messages, without');
    const transport = await createAttacker(this.#orders, await networkKeyOf(name), withKey ? identityOf(name) : null);
    try {
      await transport.start();
      deed.connections += this.#orders.targets.length;
      if (!(await joined(transport, 1))) deed.ended += 1;
      for (let sent = 0; sent < MESSAGES_PER_IDENTITY; sent++) {
        const peers = transport.peers();
        if (peers.length > 0) fire(transport, dice.pick(peers), wildShot(dice, this.#samples));
        deed.messages += 1;
        if (sent % BURST === 0) await pause(PAUSE_MS);
      }
      await pause(LINGER_MS);
      return MESSAGES_PER_IDENTITY;
    } finally {
      await transport.stop();
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
