import type { JournalRecord } from '@heddle/consensus';
import type { ValidatorIndex } from '@heddle/types';
import { INVARIANTS } from '../checkers/index.ts';
import { ViolationError } from '../errors.ts';
import { CRASH_STEP_MS, MAX_REFERENCE_MS, REFERENCE_BLOCKS, SHORT_EPOCH_BLOCKS } from '../limits.ts';
import { expectProgress, violationOf } from '../world/run-seed.ts';
import type { SeedPlan } from '../world/seed-plan.ts';
import { Trace } from '../world/trace.ts';
import { NodeWorld } from '../world/world.ts';
import type { CrashPoint } from './point.ts';
import { watchPoints } from './watch.ts';

/** What all runs of a walk have in common. */
export interface WalkTerms {
  readonly seed: number;
  readonly validators: number;
}

const SHARDS = 2;

function planOf({ seed, validators }: WalkTerms): SeedPlan {
  return {
    seed,
    scenario: 'calm',
    validators,
    shards: SHARDS,
    dispatch: seed % 2 === 0,
    devnet: true,
    blockTimeMs: 0,
    maxIdleMs: null,
    chunkDeadlineMs: null,
    epochLength: SHORT_EPOCH_BLOCKS,
    spares: 0,
    realSignatures: false,
    owner: false,
  };
}

/** A world in which nothing has happened yet. */
export function walkWorld(terms: WalkTerms, write: (line: string) => void): NodeWorld {
  const world = new NodeWorld(planOf(terms), INVARIANTS, new Trace(write));
  // Time passes within a step, so that other steps, frames and machines come in between.
  for (const { disk } of world.machines) disk.delayMs = () => CRASH_STEP_MS;
  return world;
}

/** Starts everything: the same in the reference run and in every run that repeats it up to a point. */
export function beginWalk(world: NodeWorld): void {
  world.startAll();
  world.users.begin();
  world.users.sendOneOfEach();
  world.wantBlocks(REFERENCE_BLOCKS);
}

/** Lets the run go on until `done`, or its wanted blocks are final everywhere. */
export async function runWalk(world: NodeWorld, done: () => boolean): Promise<void> {
  const isOver = await world.until(() => done() || world.hasEverywhere(REFERENCE_BLOCKS), MAX_REFERENCE_MS);
  if (!isOver) throw new ViolationError('reference-run', `no end of the wanted blocks: ${world.describe()}`);
}

/** Plays the run without faults and lists the points of these machines. Throws ViolationError. */
export async function referencePoints(
  terms: WalkTerms,
  machines: readonly ValidatorIndex[],
): Promise<readonly CrashPoint[]> {
  const world = walkWorld(terms, () => {});
  const recorder = new Recorder(world, machines);
  const violation = await violationOf(world, async () => {
    beginWalk(world);
    await runWalk(world, () => false);
    world.heal();
    await expectProgress(world, 1n);
    world.finish();
  });
  world.close();
  if (violation !== null) throw violation;
  return recorder.points;
}

/** Lists the points as they come, and says of each step of a journal which records it is for. */
class Recorder {
  readonly points: CrashPoint[] = [];
  /** By machine: places of the journal's steps since its last write began. */
  readonly #journalSteps = new Map<ValidatorIndex, number[]>();

  constructor(world: NodeWorld, indexes: readonly ValidatorIndex[]) {
    watchPoints(
      world,
      indexes.map((index) => world.machine(index)),
      { before: (point) => this.#add(point), after: () => {} },
    );
    world.listeners.push((event) => {
      if (event.kind === 'journaled') this.#name(event.machine, event.records);
    });
  }

  #add(point: CrashPoint): 'happens' {
    const place = this.points.push(point) - 1;
    if (point.what === 'journal write') this.#journalSteps.set(point.machine, []);
    if (point.what.startsWith('journal ')) this.#journalSteps.get(point.machine)?.push(place);
    return 'happens';
  }

  #name(machine: ValidatorIndex, records: readonly JournalRecord[]): void {
    const kinds = [...new Set(records.map(kindOf))].sort().join(', ');
    for (const place of this.#journalSteps.get(machine) ?? []) {
      const point = this.points[place];
      if (point !== undefined) this.points[place] = { ...point, what: `${point.what}: ${kinds}` };
    }
    this.#journalSteps.delete(machine);
  }
}

function kindOf(record: JournalRecord): string {
  switch (record.kind) {
    case 'firstProposal':
      return 'first proposal';
    case 'ownVote':
      return `own ${record.vote.kind}`;
    case 'certificate':
      return `${record.certificate.kind} certificate`;
    case 'floor':
      return 'floor';
    case 'epochSwitch':
      return 'epoch switch';
  }
}
