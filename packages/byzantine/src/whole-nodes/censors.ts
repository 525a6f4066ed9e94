import type { ChunkExecutor } from '@heddle/execution';
import type { Address, RecoveredTransaction } from '@heddle/types';
import { type Actor, UNTOUCHED } from '../actor.ts';

/** Leaves every transaction out of what it makes, as producer and as leader. */
export const emptyMaker: Actor = {
  name: 'empty-maker',
  description: 'as producer and leader makes chunks and sections without transactions',
  proofs: [],
  start: ({ misdeed }) => ({
    ...UNTOUCHED,
    executor: (honest) =>
      leavingOut(honest, () => {
        misdeed(null);
        return true;
      }),
  }),
};

/** Serves everybody but one. */
export const senderCensor: Actor = {
  name: 'sender-censor',
  description: "as producer and leader leaves one sender's transactions out",
  proofs: [],
  start: ({ misdeed }) => {
    let victim: Address | null = null;
    const isHidden = ({ sender }: RecoveredTransaction): boolean => {
      victim ??= sender;
      if (sender !== victim) return false;
      misdeed(null);
      return true;
    };
    return { ...UNTOUCHED, executor: (honest) => leavingOut(honest, isHidden) };
  },
};

function leavingOut(honest: ChunkExecutor, isHidden: (transaction: RecoveredTransaction) => boolean): ChunkExecutor {
  return {
    disagreements: honest.disagreements,
    verify: (request) => honest.verify(request),
    verifySection: (request) => honest.verifySection(request),
    build: (request) => honest.build({ ...request, candidates: others(request.candidates, isHidden) }),
    buildSection: (request) => honest.buildSection({ ...request, candidates: others(request.candidates, isHidden) }),
  };
}

function* others(
  candidates: Iterable<RecoveredTransaction>,
  isHidden: (transaction: RecoveredTransaction) => boolean,
): Generator<RecoveredTransaction> {
  for (const candidate of candidates) if (!isHidden(candidate)) yield candidate;
}
