import { type Journal, type JournalRecord, viewOf } from '@heddle/consensus';
import { DOMAIN, EPOCH, HashSignatures } from '@heddle/consensus/testing';
import { Dice } from '@heddle/runtime';
import { createMemoryMedium, type MemoryMedium, openJournal } from '@heddle/storage';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectThat } from '../engine/violation.ts';

const PATH = 'journal/3';
const STREAM = 11n;

/**
 * What one append wrote stays, whatever happens after it was acknowledged; an append that was cut off is gone as a
 * whole, and the journal goes on behind what stayed (consensus.md, Durability).
 */
export const journalOnDisk: DirectedScenario = {
  name: 'journal-on-disk',
  run: async (seed) => {
    const dice = Dice.of(seed, STREAM);
    if (seed % 2 === 0) await powerFailure(dice);
    else await tornAppend(dice);
  },
};

async function powerFailure(dice: Dice): Promise<void> {
  const medium = createMemoryMedium(dice.random);
  const journal = await reopened(medium);
  await journal.append([vote(1n)]);
  await journal.append([vote(2n), vote(3n)]);
  medium.powerFailure(dice.random);
  expectViews(await reopened(medium), '1 2 3');
}

/** The write of three records stops somewhere, and the process with it. Then one more is written in their place. */
async function tornAppend(dice: Dice): Promise<void> {
  let isTorn = false;
  const medium: MemoryMedium = createMemoryMedium(dice.random, (step, apply, applyPart) => {
    if (!isTorn || step.op !== 'write') {
      apply();
      return Promise.resolve();
    }
    isTorn = false;
    applyPart(step.bytes - 1 - dice.below(step.bytes / 4));
    medium.kill();
    return Promise.resolve();
  });
  await (await reopened(medium)).append([vote(1n)]);
  medium.kill();
  const dying = await reopened(medium);
  isTorn = true;
  void dying.append([vote(2n), vote(3n), vote(4n)]); // never heard of again
  await new Promise((resolve) => setImmediate(resolve));
  const journal = await reopened(medium);
  expectViews(journal, '1');
  await journal.append([head()]);
  medium.kill();
  expectViews(await reopened(medium), '1 head');
}

async function reopened(medium: MemoryMedium): Promise<Journal> {
  try {
    return await openJournal(medium, PATH);
  } catch (error) {
    expectThat(false, `the journal opens again: ${error}`);
    throw error;
  }
}

const signatures = new HashSignatures(4);

function vote(view: bigint): JournalRecord {
  return { kind: 'ownVote', vote: signatures.vote(0, { kind: 'nullify', epoch: EPOCH, view }) };
}

/** Shorter than a vote. */
function head(): JournalRecord {
  return { kind: 'epochSwitch', epoch: EPOCH, validatorSetHash: DOMAIN.validatorSetHash, baseHash: DOMAIN.genesisHash };
}

function expectViews(journal: Journal, expected: string): void {
  const views = journal.replay().map((record) => (record.kind === 'ownVote' ? `${viewOf(record.vote)}` : 'head'));
  expectThat(views.join(' ') === expected, `the journal holds ${expected}, not ${views.join(' ')}`);
}
