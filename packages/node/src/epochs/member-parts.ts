import type { ChunkInput, Input, Journal, Signer } from '@heddle/consensus';
import type { ValidatorIndex } from '@heddle/types';
import type { ChunkIntake } from '../consensus/chunk-intake.ts';
import type { ValidatorParts } from '../parts/validator-parts.ts';
import type { EpochValidators } from './epoch-validators.ts';
import type { EpochBase } from './leaders.ts';

/** What a member works with: the validator's parts, and those of this epoch alone. `log` is the epoch's. */
export interface MemberParts extends ValidatorParts {
  readonly validators: EpochValidators;
  /** This validator among them. */
  readonly self: ValidatorIndex;
  readonly base: EpochBase;
  /** Leader of view v = leaders[v mod n]. */
  readonly leaders: readonly ValidatorIndex[];
  readonly journal: Journal;
  readonly signer: Signer;
  readonly intake: ChunkIntake;
}

/** Where the parts of a member put what its two protocols are to hear. */
export interface MemberInputs {
  engine(input: Input): void;
  chunks(input: ChunkInput): void;
}
