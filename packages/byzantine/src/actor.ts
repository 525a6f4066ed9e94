import type { ChunkExecutor } from '@heddle/execution';
import type { Transport } from '@heddle/network';
import type { Chain } from '@heddle/node';
import type { Dice } from '@heddle/runtime';
import type { AnyEvidence, SigningDomain, ValidatorIndex } from '@heddle/types';
import type { SpeakerTools } from './speaker.ts';

/** What the byzantine owner of a whole node has at hand. Its node runs on, unaware of what is done to its traffic. */
export interface ActorTools extends SpeakerTools {
  /** Of the epoch that its node is in. Who has left the set keeps the index that it had. */
  readonly domain: SigningDomain;
  readonly dice: Dice;
  /** Of its node. */
  readonly chain: Chain;
  /** The bare network, under the validator's identity. */
  readonly connection: Transport;
  /** Past the tampering, straight to the network; after the end of its process nothing is sent. */
  say(to: ValidatorIndex, protocol: string, payload: Uint8Array): void;
  /** What its machine's wall clock shows, milliseconds. */
  wallMs(): number;
  after(delayMs: number, task: () => void): void;
}

/** What an actor does to the traffic of its node. */
export interface Tampering {
  /** A direct message or gossip on its way out: what goes to `to` in its place, any number of messages. */
  send(to: ValidatorIndex, protocol: string, payload: Uint8Array): readonly Uint8Array[];
  /** A message on its way in; null hides it from the node. */
  receive(from: ValidatorIndex, protocol: string, payload: Uint8Array): Uint8Array | null;
  /** The answer to a peer's request. Rejecting is a refusal; never settling, silence. */
  answer(request: Uint8Array, honest: Uint8Array): Promise<Uint8Array>;
  /** What its node executes chunks and sections with, its own and those of others. */
  executor(honest: ChunkExecutor): ChunkExecutor;
}

/** A byzantine behaviour of a whole node, with its name in consensus.md. */
export interface Actor {
  readonly name: string;
  readonly description: string;
  /** What it leaves proof of, each of them against itself; none for faults that nobody can prove. */
  readonly proofs: readonly AnyEvidence['kind'][];
  /** Called with each start of the validator's process. */
  start(tools: ActorTools): Tampering;
}

/** Touches nothing; actors replace what they tamper with. */
export const UNTOUCHED: Tampering = {
  send: (_to, _protocol, payload) => [payload],
  receive: (_from, _protocol, payload) => payload,
  answer: (_request, honest) => Promise.resolve(honest),
  executor: (honest) => honest,
};

/** What runs on a machine that nobody has corrupted. */
export const HONEST: Actor = {
  name: 'honest',
  description: 'does what the node does',
  proofs: [],
  start: () => UNTOUCHED,
};
