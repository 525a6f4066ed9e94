import type { Actor } from '@heddle/byzantine';
import type { JournalRecord, SignerHistory } from '@heddle/consensus';
import type { Chain, ControlSubmission, ExecutedBlock, NodeFootprint, ValidatorNode } from '@heddle/node';
import type { Hash, RecoveredTransaction, ValidatorIndex, Vote } from '@heddle/types';
import type { SimulatedGenesis } from './genesis.ts';
import type { SeedPlan } from './seed-plan.ts';

/** How a process ended. `failed`: it could not go on by itself, as after a disk error. */
export type EndOfLife = 'stopped' | 'killed' | 'powerFailure' | 'failed';

/** What checkers hear, in the order in which it happens. `machine` is honest wherever it stands but in a misdeed. */
export type WorldEvent =
  /**
   * `recovered`: what its journal held, records included whose process ended before it knew that they were durable;
   * `signed`: what its signer's database held.
   */
  | {
      readonly kind: 'started';
      readonly machine: ValidatorIndex;
      readonly chain: Chain;
      readonly recovered: readonly JournalRecord[];
      readonly signed: SignerHistory;
    }
  | { readonly kind: 'ended'; readonly machine: ValidatorIndex; readonly how: EndOfLife }
  /** A block is final and readable on a machine. */
  | { readonly kind: 'final'; readonly machine: ValidatorIndex; readonly block: ExecutedBlock; readonly chain: Chain }
  /** Records are durable in a machine's journal: just now, or found when a node opened it. */
  | { readonly kind: 'journaled'; readonly machine: ValidatorIndex; readonly records: readonly JournalRecord[] }
  /** A machine has sent a vote of its own. */
  | { readonly kind: 'voteSent'; readonly machine: ValidatorIndex; readonly vote: Vote }
  /** A machine holds a proof against others. */
  | {
      readonly kind: 'accused';
      readonly machine: ValidatorIndex;
      readonly proof: string;
      readonly culprits: readonly ValidatorIndex[];
    }
  /** A machine does not listen to another one any more in this epoch. */
  | {
      readonly kind: 'peerBlocked';
      readonly machine: ValidatorIndex;
      readonly peer: ValidatorIndex;
      readonly reason: string;
    }
  /** A byzantine validator has broken a rule; `witness`, if there is one, can prove it when it has all that was sent. */
  | {
      readonly kind: 'misdeed';
      readonly machine: ValidatorIndex;
      readonly actor: Actor;
      readonly witness: ValidatorIndex | null;
    }
  /** A leader makes a section on this block, filled up to so much gas. */
  | {
      readonly kind: 'sectionAsked';
      readonly machine: ValidatorIndex;
      readonly parentHash: Hash;
      readonly gasTarget: bigint;
      /** L, of a section on this block. */
      readonly gasLimit: bigint;
    }
  /** A validator has taken a user's transaction. */
  | { readonly kind: 'submitted'; readonly transaction: RecoveredTransaction }
  /** The owner of the devnet wants this done, first or in the place of what it has submitted under the same number. */
  | { readonly kind: 'controlSubmitted'; readonly submission: ControlSubmission }
  /** GST: from now on the network is good and every machine runs. */
  | { readonly kind: 'healed' };

/** An honest machine that runs. */
export interface LiveMachine {
  readonly index: ValidatorIndex;
  readonly chain: Chain;
  readonly footprint: NodeFootprint;
  readonly pool: Pick<ValidatorNode['pool'], 'get'>;
}

/** What a checker may look at, in an event or at the end. */
export interface WorldView {
  readonly plan: SeedPlan;
  readonly genesis: SimulatedGenesis;
  readonly byzantine: ReadonlySet<ValidatorIndex>;
  /** Byzantine validators that have every chance to do what they are there for, by their actors. */
  readonly tried: ReadonlyMap<ValidatorIndex, Actor>;
  /** Greatest number of byzantine validators that the protocol bears. */
  readonly faultBound: number;
  /** How many times slower than the reference its slowest machine is; 0 = executing takes no time. */
  readonly slowdown: number;
  /** Messages between shards that final blocks have delivered, each height counted once. */
  readonly delivered: number;
  nowMs(): number;
  live(): readonly LiveMachine[];
  /** Whether a machine listens to another one no more in its present epoch. */
  isBlocked(by: ValidatorIndex, peer: ValidatorIndex): boolean;
  /** Transactions that users wait for. */
  waiting(): readonly Hash[];
}
