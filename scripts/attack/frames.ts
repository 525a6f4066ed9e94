import { concatBytes, utf8ToBytes } from '@heddle/primitives';
import type { Dice } from '@heddle/runtime';
import { frameHeader } from '../../packages/libp2p/src/frames.ts';
import { HELLO_PROTOCOL } from '../../packages/libp2p/src/handshakes.ts';
import { DIRECT_PROTOCOL } from '../../packages/libp2p/src/streams/direct-streams.ts';
import { REQUEST_PROTOCOL } from '../../packages/libp2p/src/streams/requests.ts';
import { RawPeer, sendFrame } from '../../packages/libp2p/test/support/raw-peer.ts';
import type { Tally } from './tally.ts';
import { loopbackAddress, type Orders } from './target.ts';

type Offend = (peer: RawPeer, dice: Dice) => Promise<void>;

const NAME = utf8ToBytes('/heddle/consensus/1');
const GOSSIP_PROTOCOL = '/meshsub/1.2.0';
/** How long an offender waits to be thrown out. */
const WAIT_MS = 2_000;
const POLL_MS = 5;

/** What no program of ours sends, on real streams; the message of each is told to be the last one. */
const OFFENCES: readonly (readonly [what: string, offend: Offend])[] = [
  [
    'no frames',
    async (peer, dice) => {
      const stream = await peer.open(DIRECT_PROTOCOL);
      stream.send(concatBytes(Uint8Array.of(0xff), dice.random.bytes(dice.between(1, 5_000))));
    },
  ],
  [
    'a frame above every limit',
    async (peer, dice) => {
      const stream = await peer.open(DIRECT_PROTOCOL);
      sendFrame(stream, NAME);
      stream.send(frameHeader(0xf000_0000 + dice.below(0x0fff_ffff)));
    },
  ],
  [
    'a name too long',
    async (peer, dice) => sendFrame(await peer.open(REQUEST_PROTOCOL), new Uint8Array(dice.between(129, 10_000))),
  ],
  [
    'a request with frames to spare',
    async (peer) => {
      const stream = await peer.open(REQUEST_PROTOCOL);
      for (const frame of ['/heddle/fetch/1', 'question', 'and another']) sendFrame(stream, utf8ToBytes(frame));
    },
  ],
];

/** Ways to be a nuisance that cost the offender nothing: no ban is due. */
const NUISANCES: readonly (readonly [what: string, offend: Offend])[] = [
  [
    'gossip of no kind',
    async (peer, dice) => {
      const stream = await peer.open(GOSSIP_PROTOCOL);
      stream.send(dice.random.bytes(dice.between(1, 60_000)));
    },
  ],
  [
    'hello in the middle',
    async (peer, dice) => {
      const stream = await peer.open(HELLO_PROTOCOL);
      sendFrame(stream, dice.random.bytes(dice.between(1, 4_000)));
    },
  ],
  [
    'a frame that never ends',
    async (peer, dice) => {
      const stream = await peer.open(DIRECT_PROTOCOL);
      sendFrame(stream, NAME);
      stream.send(concatBytes(frameHeader(60_000), dice.random.bytes(dice.below(50_000))));
    },
  ],
];

/** Peers of many addresses, each of which breaks the rules of streams once, well introduced. */
export class FrameBreakers {
  readonly #orders: Orders;
  readonly #dice: Dice;
  readonly #tally: Tally;
  #number = 0;

  constructor(orders: Orders, dice: Dice, tally: Tally) {
    this.#orders = orders;
    this.#dice = dice;
    this.#tally = tally;
  }

  async next(): Promise<number> {
    const number = this.#number++;
    const dice = this.#dice;
    const [what, offend] = dice.pick(dice.chance(0.7) ? OFFENCES : NUISANCES);
    const isBanned = OFFENCES.some(([name]) => name === what);
    const deed = this.#tally.of('outside', isBanned ? `${what} (banned for it)` : what);
    const withKey = dice.chance(0.5);
    const peer = await RawPeer.create(`breaker ${this.#orders.seed} ${number}`, loopbackAddress(number));
    try {
      deed.connections += 1;
      await peer.join(dice.pick(this.#orders.targets), peer.hello(withKey, this.#orders.genesisHash));
      await offend(peer, dice);
      deed.messages += 1;
      if (isBanned) deed.ended += (await isEnded(peer)) ? 1 : 0;
    } catch {
      // Thrown out before it was done.
      deed.messages += 1;
      deed.ended += 1;
    } finally {
      await peer.stop();
    }
    return 1;
  }
}

async function isEnded(peer: RawPeer): Promise<boolean> {
  const endMs = performance.now() + WAIT_MS;
  while (peer.isConnected && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  return !peer.isConnected;
}
