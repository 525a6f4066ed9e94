import type { ConsensusMessage } from '@heddle/consensus';
import type {
  AnyEvidence,
  Block,
  Certificate,
  Hash,
  NullifyCertificate,
  SigningRequest,
  ValidatorIndex,
} from '@heddle/types';

/** What an actor draws from: the only source of chance that it has. */
export interface Draws {
  /** An integer in 0 … bound − 1. */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  shuffled<T>(items: readonly T[]): readonly T[];
}

/** How blocks are told apart: those of the engine alone have no contents, and a hash of their own. */
export interface BlockCraft {
  hash(block: Block): Hash;
  /** Another block on the same parent: a different one for each mark. */
  sibling(block: Block, mark: string): Block;
}

/** What a byzantine speaker has at hand, the same in both worlds. */
export interface SpeakerTools {
  /** Its own, in the set of the epoch that it is in. Ask each time. */
  readonly index: ValidatorIndex;
  readonly validatorCount: number;
  /** Δ of its network, milliseconds. */
  readonly deltaMs: number;
  readonly dice: Draws;
  readonly blocks: BlockCraft;
  /** Signs anything with the validator's own key: the actor has no signer that would refuse. */
  sign(request: SigningRequest): Uint8Array;
  /** A nullification that no quorum has signed. */
  unfoundedSkip(epoch: bigint, view: bigint): NullifyCertificate;
  /** The same certificate for another epoch, as good as this world lets anyone forge it. */
  movedTo(epoch: bigint, certificate: Certificate): Certificate;
  /** After a while, unless its process has ended by then. */
  sayLater(delayMs: number, to: ValidatorIndex, message: ConsensusMessage): void;
  /**
   * To be called for everything that no honest validator does. `witness` can prove it from now on, all of the proof
   * having been sent to it; null: nobody can.
   */
  misdeed(witness: ValidatorIndex | null): void;
}

/** What comes of a validator's engine on its way to the others. */
export interface Speech {
  /** What `to` gets in the place of a message: any number of them. */
  readonly say: (message: ConsensusMessage, to: ValidatorIndex) => readonly ConsensusMessage[];
  /** Told of what others say to it, which its engine hears too; null does not listen. */
  readonly hear: ((message: ConsensusMessage) => void) | null;
}

/**
 * A byzantine behaviour that shows in consensus messages alone: it plays in whole nodes (`over-the-wire.ts`) and in the
 * world of engines (`engine/speaking.ts`). Behind it an honest engine runs on.
 */
export interface Speaker {
  readonly name: string;
  readonly description: string;
  /** What it leaves proof of, each of them against itself; none for faults that nobody can prove. */
  readonly proofs: readonly AnyEvidence['kind'][];
  /** Called with each start of the validator's process. */
  start(tools: SpeakerTools): Speech;
}

type OfKind<K extends ConsensusMessage['kind']> = Extract<ConsensusMessage, { readonly kind: K }>;

/** Says others in the place of messages of one kind. */
export function forging<K extends ConsensusMessage['kind']>(
  kind: K,
  forge: (message: OfKind<K>, to: ValidatorIndex) => readonly ConsensusMessage[],
): Speech {
  const isWanted = (message: ConsensusMessage): message is OfKind<K> => message.kind === kind;
  return { say: (message, to) => (isWanted(message) ? forge(message, to) : [message]), hear: null };
}

/** Says others in the place of every message. */
export function forgingAll(say: Speech['say']): Speech {
  return { say, hear: null };
}
