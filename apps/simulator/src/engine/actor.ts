import type { ConsensusMessage, EngineConfig, EngineState } from '@heddle/consensus';
import type { HashSignatures, SeededRandom } from '@heddle/consensus/testing';
import type { ValidatorIndex } from '@heddle/types';

/** What an actor has at hand: its own index and key, and an engine of its own that is honest inside. */
export interface ActorKit {
  readonly config: EngineConfig;
  readonly random: SeededRandom;
  readonly signatures: HashSignatures;
  state(): EngineState;
}

/** Something that an actor says, so long after the moment at which an honest validator would have spoken. */
export interface Utterance {
  readonly message: ConsensusMessage;
  readonly delayMs: number;
}

/** What it says to `to` where an honest validator would say `message`. */
export type Behaviour = (message: ConsensusMessage, to: ValidatorIndex) => readonly Utterance[];

/** A byzantine validator: its engine runs as always, but what it says passes through its behaviour. */
export interface Actor {
  readonly name: string;
  readonly create: (kit: ActorKit) => Behaviour;
}

/** Messages said at once. */
export function atOnce(...messages: readonly ConsensusMessage[]): readonly Utterance[] {
  return messages.map((message) => ({ message, delayMs: 0 }));
}

export const SILENCE: readonly Utterance[] = [];

/** An actor that breaks the rules only now and then: one that is never caught out at once does more harm. */
export function moody(actor: Actor, honestRate: number): Actor {
  const create = (kit: ActorKit): Behaviour => {
    const behaviour = actor.create(kit);
    return (message, to) => (kit.random.chance(honestRate) ? atOnce(message) : behaviour(message, to));
  };
  return { name: actor.name, create };
}
