import { join } from 'node:path';
import { holdKey, onlyKey, passwordPathOf, readNetworkKey } from '@heddle/keys';
import type { Libp2pTransport } from '@heddle/libp2p';
import { kindOfEnvelope } from '@heddle/network';
import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL, TRANSACTION_TOPIC } from '@heddle/node';
import { blsSign } from '@heddle/primitives';
import type { Dice } from '@heddle/runtime';
import { splitEnvelope } from '../../apps/simulator/src/wire/envelope.ts';
import { type Sample, Samples } from '../../apps/simulator/src/wire/samples.ts';
import { type Shot, wildShot } from '../../apps/simulator/src/wire/shots.ts';
import { createAttacker, fire, joined } from './nodes.ts';
import type { Tally } from './tally.ts';
import type { Orders } from './target.ts';

/** What it has heard and may say again, messages. */
const MEMORY = 2_000;
/** Kinds of messages that have to have come by before it begins: consensus, chunks, endorsements, transactions. */
const KINDS = 5;
const HEARD_MS = 30_000;
const POLL_MS = 20;
/** A question as the others ask them. */
const QUESTION = Uint8Array.of(0x82, 0xa4);

/** Whoever has stolen a validator's keys, and sits in its place. */
export class Insider {
  readonly samples: Samples;
  readonly #dice: Dice;
  readonly #tally: Tally;
  readonly #transport: Libp2pTransport;
  readonly #heard: Sample[] = [];

  private constructor(dice: Dice, tally: Tally, transport: Libp2pTransport) {
    this.#dice = dice;
    this.#tally = tally;
    this.#transport = transport;
    this.samples = new Samples(dice);
  }

  /** Takes the validator's place, and listens until it has heard enough. */
  static async join(orders: Orders, dice: Dice, tally: Tally): Promise<Insider> {
    const keystore = onlyKey(join(orders.stolen, 'keys'));
    const { publicKey, secretKey, lock } = await holdKey(keystore, passwordPathOf(keystore.path));
    lock.release();
    const { privateKey } = readNetworkKey(join(orders.stolen, 'keys', 'network.key'));
    const identity = { publicKey, sign: (message: Uint8Array) => blsSign(secretKey, message) };
    const transport = await createAttacker(orders, privateKey, identity);
    const insider = new Insider(dice, tally, transport);
    insider.#listen();
    await transport.start();
    if (!(await joined(transport, orders.targets.length))) throw new Error('the insider was not let in by all');
    const endMs = performance.now() + HEARD_MS;
    while (insider.samples.kinds.length < KINDS && performance.now() < endMs)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    return insider;
  }

  /** What others have said before, again, in no order, to anybody. All of it is genuine. */
  replay(): number {
    const { bytes, protocol } = this.#dice.pick(this.#heard);
    const form = protocol === TRANSACTION_TOPIC ? 'topic' : 'direct';
    this.#say('what it has heard, again and in no order', { form, protocol, payload: bytes });
    return 1;
  }

  /** What nobody can believe. */
  rave(): number {
    this.#say('distorted messages', wildShot(this.#dice, this.samples));
    return 1;
  }

  stop(): Promise<void> {
    return this.#transport.stop();
  }

  #say(what: string, shot: Shot): void {
    this.#tally.of('inside', what).messages += 1;
    const peers = this.#transport.peers();
    if (peers.length > 0) fire(this.#transport, this.#dice.pick(peers), shot);
  }

  #listen(): void {
    for (const protocol of [CONSENSUS_STREAM, CHUNK_STREAM, EVIDENCE_STREAM])
      this.#transport.onDirect(protocol, (_, bytes) => this.#hear(protocol, bytes));
    this.#transport.subscribe(TRANSACTION_TOPIC, (_, bytes) => this.#hear(TRANSACTION_TOPIC, bytes));
    this.#transport.onRequest(FETCH_PROTOCOL, async () => this.#dice.random.bytes(this.#dice.below(5_000)));
    this.samples.add({ protocol: FETCH_PROTOCOL, bytes: QUESTION, kind: 'question', payload: QUESTION });
  }

  #hear(protocol: string, bytes: Uint8Array): void {
    const kind = kindOfEnvelope(bytes);
    if (kind === null) return;
    const sample = { protocol, bytes: new Uint8Array(bytes), ...splitEnvelope(kind, bytes) };
    this.samples.add(sample);
    if (this.#heard.length < MEMORY) this.#heard.push(sample);
    else this.#heard[this.#dice.below(MEMORY)] = sample;
  }
}
