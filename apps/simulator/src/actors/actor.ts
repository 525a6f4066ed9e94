import type { Transport } from '@heddle/network';
import type { AnyEvidence, SigningDomain, SigningRequest, ValidatorIndex } from '@heddle/types';
import type { Dice } from '../dice.ts';

/** What a byzantine validator has at hand. Behind it a real node runs on, unaware of what is done to its traffic. */
export interface ActorTools {
  /** In the set of the epoch that its node is in; who has left it keeps the index that it had. Ask each time. */
  readonly index: ValidatorIndex;
  /** Of that epoch, as the domain. */
  readonly validatorCount: number;
  readonly domain: SigningDomain;
  readonly dice: Dice;
  /** Signs anything with the validator's own key: the actor has no signer that would refuse. */
  sign(request: SigningRequest): Uint8Array;
  /** Past the tampering, straight to the network; after the end of its process nothing is sent. */
  /** The bare network, under the validator's identity. */
  readonly connection: Transport;
  say(to: ValidatorIndex, protocol: string, payload: Uint8Array): void;
  /** What its machine's wall clock shows, milliseconds. */
  wallMs(): number;
  after(delayMs: number, task: () => void): void;
  /**
   * To be called for everything that no honest validator does. `witness` can prove it from now on, all of the proof
   * having been sent to it; null: nobody can.
   */
  misdeed(witness: ValidatorIndex | null): void;
}

/** What an actor does to the traffic of its node. */
export interface Tampering {
  /** A direct message or gossip on its way out: what goes to `to` in its place, any number of messages. */
  send(to: ValidatorIndex, protocol: string, payload: Uint8Array): readonly Uint8Array[];
  /** A message on its way in; null hides it from the node. */
  receive(from: ValidatorIndex, protocol: string, payload: Uint8Array): Uint8Array | null;
  /** The answer to a peer's request. Rejecting is a refusal; never settling, silence. */
  answer(request: Uint8Array, honest: Uint8Array): Promise<Uint8Array>;
}

/** A byzantine behaviour with its name in consensus.md. */
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
};

/** What runs on a machine that nobody has corrupted. */
export const HONEST: Actor = {
  name: 'honest',
  description: 'does what the node does',
  proofs: [],
  start: () => UNTOUCHED,
};
