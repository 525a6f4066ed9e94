import { utf8ToBytes } from '@heddle/primitives';
import type { Dice } from '@heddle/runtime';
import type { Samples } from '../../apps/simulator/src/wire/samples.ts';
import { type Shot, wildShot } from '../../apps/simulator/src/wire/shots.ts';
import { DIRECT_PROTOCOL } from '../../packages/libp2p/src/streams/direct-streams.ts';
import { REQUEST_PROTOCOL } from '../../packages/libp2p/src/streams/requests.ts';
import { RawPeer, sendFrame } from '../../packages/libp2p/test/support/raw-peer.ts';
import type { Deed, Tally } from './tally.ts';
import { loopbackAddress, type Orders } from './target.ts';

/** Messages of one identity, if it is heard so long. */
const MESSAGES_PER_IDENTITY = 200;
/** A pause lets streams write. */
const BURST = 20;
const PAUSE_MS = 5;
/** Above those of frame breakers. */
const FIRST_ADDRESS = 100_000;

/**
 * Nodes of no validator, one after the other, each with a name and an address of its own; most with a key, as if they were
 * validators. With a key they are thrown out for the first message that nobody can believe, without one nobody listens.
 */
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
    const number = this.#number++;
    const withKey = dice.chance(0.7);
    const deed = this.#tally.of('outside', withKey ? 'distorted messages, with a key' : 'distorted messages, without');
    const name = `outsider ${this.#orders.seed} ${number}`;
    const peer = await RawPeer.create(name, loopbackAddress(FIRST_ADDRESS + number));
    deed.connections += 1;
    let sent = 1;
    try {
      await peer.join(dice.pick(this.#orders.targets), peer.hello(withKey, this.#orders.genesisHash));
      sent = await this.#talk(new Voice(peer), deed);
    } catch {
      // It was not let in.
    } finally {
      if (!peer.isConnected) deed.ended += 1;
      await peer.stop();
    }
    return sent;
  }

  /** How many messages it was heard with, as far as it can tell. */
  async #talk(voice: Voice, deed: Deed): Promise<number> {
    let sent = 0;
    while (sent < MESSAGES_PER_IDENTITY && voice.isHeard) {
      sent += 1;
      deed.messages += 1;
      try {
        await voice.say(wildShot(this.#dice, this.#samples));
      } catch {
        // Its streams were ended under it.
        break;
      }
      if (sent % BURST === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return Math.max(1, sent);
  }
}

type Direct = Awaited<ReturnType<RawPeer['open']>>;

/** Says messages over streams as a transport would. */
class Voice {
  readonly #peer: RawPeer;
  readonly #direct = new Map<string, Direct>();

  constructor(peer: RawPeer) {
    this.#peer = peer;
  }

  get isHeard(): boolean {
    return this.#peer.isConnected;
  }

  async say({ form, protocol, payload }: Shot): Promise<void> {
    if (form === 'request') {
      const stream = await this.#peer.open(REQUEST_PROTOCOL);
      sendFrame(stream, utf8ToBytes(protocol));
      sendFrame(stream, payload);
      return;
    }
    // Gossip is signed by its author, and the insider's business: here it comes on a stream that nobody expects it on.
    const stream = this.#direct.get(protocol) ?? (await this.#peer.open(DIRECT_PROTOCOL));
    if (!this.#direct.has(protocol)) sendFrame(stream, utf8ToBytes(protocol));
    this.#direct.set(protocol, stream);
    sendFrame(stream, payload);
  }
}
