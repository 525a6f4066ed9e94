import { InvalidJournalError, viewOf } from '@heddle/consensus';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { WorldEvent } from '../../world/events.ts';
import type { Machine } from '../../world/machine.ts';
import { atHeight, expectRefusal, expectThat, moreBlocks, nextBoundary, reach } from './steps.ts';

/** Where a validator keeps its records on its medium (README of `@heddle/storage`). */
export const SIGNER_FILE = 'signer/records.log';

export function journalFile(epoch: bigint): string {
  return `journal/epoch-${epoch}.log`;
}

/** Behind the header and the first record, before the last ones. */
const SHARE = 0.5;

/**
 * A byte in the middle of a journal has changed: what follows it is sound, so that it is no torn tail. The validator
 * refuses to start, the others go on without it.
 */
export const damagedJournal: Scenario = {
  name: 'damaged-journal',
  description: "a byte in the middle of one validator's journal has changed; it refuses to start, the others go on",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    const flip = (): Promise<void> =>
      machine.disk.rewrite(journalFile(0n), (bytes) => {
        const place = Math.floor((bytes?.length ?? 0) * SHARE);
        return bytes?.map((byte, index) => (index === place ? byte ^ 1 : byte)) ?? null;
      });
    await flip();
    await expectRefusal(world, machine.index);
    await moreBlocks(world, 3n, machine.index);
    await flip();
  },
};

/**
 * One validator's journal is missing beside a full chain and its signer's database. It begins a new one above what its
 * chain says is final, and signs nothing that contradicts what it signed before.
 */
export const emptyJournal: Scenario = {
  name: 'empty-journal',
  description: "one validator's journal is missing beside a full chain; it goes on above what is final",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    await machine.disk.rewrite(journalFile(0n), () => null);
    world.start(machine.index);
    await moreBlocks(world, 3n, null);
  },
};

const MOST_BYTES = 400;

/**
 * The end of one validator's journal is gone, at some byte: it knows less than it has said. It cuts the torn record off,
 * and its signer has the last word, so that it contradicts nothing.
 */
export const tornJournal: Scenario = {
  name: 'torn-journal',
  description: "the end of one validator's journal is gone at some byte; it comes back and contradicts nothing",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    const lost = world.dice.between(1, MOST_BYTES);
    await machine.disk.rewrite(journalFile(0n), (bytes) => bytes?.slice(0, -lost) ?? null);
    world.start(machine.index);
    await moreBlocks(world, 2n, null);
  },
};

/**
 * One validator's chain has committed blocks that its journal knows nothing of: the file comes from an old copy. The
 * engine takes the chain's word and goes on above it.
 */
export const applicationAhead: Scenario = {
  name: 'application-ahead',
  description: "one validator's journal is an old copy, its chain is not; it goes on above the chain",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 2n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    let copy: Uint8Array | null = null;
    await machine.disk.rewrite(journalFile(0n), (bytes) => {
      copy = bytes;
      return bytes;
    });
    world.start(machine.index);
    await moreBlocks(world, 3n, null);
    machine.kill();
    await machine.disk.rewrite(journalFile(0n), () => copy);
    world.start(machine.index);
    await moreBlocks(world, 3n, null);
  },
};

/**
 * A copy of the last epoch's journal comes back: beside this epoch's one, where it is over and done with, and in its
 * place, where every record would be taken for one of this epoch. There the validator refuses to start.
 */
export const oldJournalReplayed: Scenario = {
  name: 'old-journal-replayed',
  description: "a copy of the last epoch's journal stands beside this epoch's, then in its place, and is not believed",
  prepare: UNPREPARED,
  play: async (world) => {
    const machine = world.dice.pick(world.machines);
    const boundary = nextBoundary(world);
    const epoch = boundary / world.plan.epochLength - 1n;
    await atHeight(world, boundary - 2n);
    machine.kill();
    const old = await exchange(machine, journalFile(epoch), null);
    world.start(machine.index);
    await atHeight(world, boundary + 1n);
    machine.kill();
    await exchange(machine, journalFile(epoch), old);
    world.start(machine.index);
    await moreBlocks(world, 1n, null);
    machine.kill();
    const own = await exchange(machine, journalFile(epoch + 1n), old);
    await expectRefusal(world, machine.index);
    const { lastFailure } = machine;
    expectThat(lastFailure instanceof InvalidJournalError, `it is the journal that is refused: ${String(lastFailure)}`);
    await moreBlocks(world, 1n, machine.index);
    await exchange(machine, journalFile(epoch + 1n), own);
  },
};

/** Puts `bytes` in the place of a file, null leaves it as it is; returns what it held. */
async function exchange(machine: Machine, path: string, bytes: Uint8Array | null): Promise<Uint8Array | null> {
  let before: Uint8Array | null = null;
  await machine.disk.rewrite(path, (held) => {
    before = held?.slice() ?? null;
    return bytes ?? held;
  });
  return before;
}

/**
 * One validator's signer has lost its database. It cannot know what it has signed, so it stays silent for a full epoch;
 * the network goes on, and it follows.
 */
export const missingSigner: Scenario = {
  name: 'missing-signer',
  description: "one validator's signer has lost its records; it stays silent, the network goes on",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    let [before, after] = [0n, 0n];
    let isLost = false;
    world.listeners.push((event) => {
      if (event.kind !== 'voteSent' || event.machine !== machine.index) return;
      const view = viewOf(event.vote);
      if (isLost) after = view > after ? view : after;
      else before = view > before ? view : before;
    });
    machine.kill();
    isLost = true;
    await machine.disk.rewrite(SIGNER_FILE, () => null);
    world.start(machine.index);
    await moreBlocks(world, 5n, null);
    // What it said before may be said again: it stands in its journal, with its signature.
    expectThat(after <= before, `validator ${machine.index} signs in view ${after}`);
  },
};

/**
 * One validator restarts and its signer's disk answers no more: no new signature comes out. Nothing in the replay may
 * need one; it follows the others to what they finalize.
 */
export const replayUnableToSign: Scenario = {
  name: 'replay-unable-to-sign',
  description: 'one validator restarts with a signer that answers no more; it follows the others',
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    let asked = 0;
    machine.disk.probe = {
      before: ({ op, path }) => {
        if (op !== 'write' || path !== SIGNER_FILE) return 'happens';
        asked += 1;
        return 'hangs';
      },
      after: () => {},
    };
    world.start(machine.index);
    await moreBlocks(world, 3n, null);
    expectThat(asked > 0, 'its signer was never asked');
    machine.kill();
    machine.disk.probe = { before: () => 'happens', after: () => {} };
  },
};

/**
 * A leader is gone, and each of the other 2f + 1 dies right after its nullify vote is durable, before anybody has heard
 * of it. They have to find the vote in their journals, count it and say it again: else no view ever ends.
 */
export const allCrashAfterNullify: Scenario = {
  name: 'all-crash-after-nullify',
  description: '2f + 1 validators die right after journaling their nullify vote; they find it again and go on',
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 2n, null);
    const gone = world.dice.pick(world.machines);
    gone.kill();
    const others = world.machines.filter((machine) => machine !== gone);
    let isTrapSet = true;
    world.listeners.push((event) => {
      if (isTrapSet && isNullify(event)) world.machine(event.machine).kill();
    });
    await reach(world, 'the death of all', () => others.every(({ crashes }) => crashes === 1));
    isTrapSet = false;
    expectThat(world.running().length === 0, 'nobody runs');
    for (const { index } of others) world.start(index);
    await moreBlocks(world, 2n, gone.index);
  },
};

function isNullify(event: WorldEvent): event is Extract<WorldEvent, { readonly kind: 'journaled' }> {
  if (event.kind !== 'journaled') return false;
  return event.records.some((record) => record.kind === 'ownVote' && record.vote.kind === 'nullify');
}
