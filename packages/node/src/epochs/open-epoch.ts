import { createSigner } from '@heddle/consensus';
import { peerOf } from '@heddle/network';
import type { ValidatorIndex } from '@heddle/types';
import { ChunkIntake } from '../consensus/chunk-intake.ts';
import type { ValidatorParts } from '../parts/validator-parts.ts';
import type { EpochRuntime } from './epoch-runtime.ts';
import type { EpochValidators } from './epoch-validators.ts';
import { epochBase, epochLeaders } from './leaders.ts';
import { Member } from './member.ts';
import { Observer } from './observer.ts';

/** The part that this node has in the epoch above the final head; not started yet. */
export async function openEpoch(validator: ValidatorParts): Promise<EpochRuntime> {
  const { chain, validatorsByEpoch, publicKey } = validator;
  const validators = validatorsByEpoch.ofChildren(chain.tree.root);
  const self = validators.indexOf(peerOf(publicKey));
  const log = validator.log.child(`epoch-${validators.epoch}`);
  log.debug(self === null ? 'observes the epoch' : 'takes part in the epoch', { validators: validators.size });
  const parts = { ...validator, validators, log, intake: new ChunkIntake({ ...validator, validators }) };
  if (self !== null) return openMember(parts, self);
  return new Observer(chain.store.finalizationOf(validators.epoch), parts);
}

interface EpochParts extends ValidatorParts {
  readonly validators: EpochValidators;
  readonly intake: ChunkIntake;
}

async function openMember(parts: EpochParts, self: ValidatorIndex): Promise<Member> {
  const { storage, signDigest, chain, validators, log } = parts;
  const { domain, epoch, size } = validators;
  const journal = await storage.openJournal(epoch);
  const signer = createSigner({ store: storage.signerStore, domain, journaled: journal.replay(), signDigest });
  if (signer.silence !== null) log.error('this validator signs nothing', { reason: signer.silence });
  const base = epochBase(chain, epoch);
  return Member.open({ ...parts, self, base, leaders: epochLeaders(base, size), journal, signer });
}
