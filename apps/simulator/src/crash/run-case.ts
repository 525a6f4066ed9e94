import type { ValidatorIndex } from '@heddle/types';
import { ViolationError } from '../errors.ts';
import { BLOCKS_AFTER_CRASH, CRASH_DOWN_MS, MAX_STOP_MS } from '../limits.ts';
import type { StepFate } from '../world/disk.ts';
import { expectProgress, violationOf } from '../world/run-seed.ts';
import type { NodeWorld } from '../world/world.ts';
import { type CrashCase, caseName, type Ending, victimsOf } from './crash-case.ts';
import { beginWalk, runWalk, type WalkTerms, walkWorld } from './reference.ts';
import { watchPoints } from './watch.ts';

/** What came of one case. */
export interface CaseOutcome {
  readonly name: string;
  readonly what: string;
  /** Lives that ended. */
  readonly crashes: number;
  /** Null: everything held. */
  readonly violation: string | null;
}

/**
 * Repeats the reference run up to the case's point, does there what the case says, restarts what is down on mended
 * disks and has the network go on. `write` gets every line of the trace.
 */
export async function runCase(terms: WalkTerms, crash: CrashCase, write: (line: string) => void): Promise<CaseOutcome> {
  const world = walkWorld(terms, write);
  const violation = await violationOf(world, () => play(world, crash));
  const crashes = world.machines.reduce((sum, machine) => sum + machine.crashes, 0);
  world.close();
  return { name: caseName(crash), what: crash.point.what, crashes, violation: violation?.message ?? null };
}

async function play(world: NodeWorld, crash: CrashCase): Promise<void> {
  const victims = victimsOf(crash, world.machines.length, world.faultBound);
  const down = new Set<ValidatorIndex>();
  world.listeners.push((event) => {
    if (event.kind === 'ended') down.add(event.machine);
  });
  const trap = setTrap(world, crash, victims);
  beginWalk(world);
  await runWalk(world, trap.isSprung);
  if (!trap.isSprung()) throw new ViolationError('same-run', 'the run never came to the point');
  const areDown = await world.until(() => victims.every((index) => down.has(index)), MAX_STOP_MS);
  if (!areDown) throw new ViolationError('stops-on-disk-error', `a validator goes on: ${world.describe()}`);
  // Some come back before the others have noticed, some after the network has gone on or given up.
  await world.pass(CRASH_DOWN_MS[crash.point.number % CRASH_DOWN_MS.length] ?? 0);
  world.heal();
  await expectProgress(world, BLOCKS_AFTER_CRASH);
  world.finish();
}

interface Trap {
  /** The point has come. */
  isSprung(): boolean;
}

function setTrap(world: NodeWorld, { point, fault }: CrashCase, victims: readonly ValidatorIndex[]): Trap {
  let isSprung = false;
  const endAll = (ending: Ending): void => {
    for (const index of victims) end(world, index, ending);
  };
  const spring = (applyPart: (bytes: number) => void): StepFate => {
    switch (fault.kind) {
      case 'before':
        endAll(fault.ending);
        return 'happens';
      case 'after':
        return 'happens';
      case 'torn':
        applyPart(fault.bytes);
        endAll(fault.ending);
        return 'happens';
      case 'error': {
        // The disks of the others stay bad, and so does a full one; an error that comes once has to be enough.
        const failing = fault.failure === 'ENOSPC' ? victims : victims.slice(1);
        for (const index of failing) world.machine(index).disk.failure = fault.failure;
        return fault.failure;
      }
    }
  };
  watchPoints(world, [world.machine(point.machine)], {
    before: (reached, applyPart) => {
      if (isSprung || reached.number !== point.number) return 'happens';
      isSprung = true;
      if (reached.moment !== point.moment) {
        world.fail(new ViolationError('same-run', 'the run differs from the reference run before the point'));
      }
      return spring(applyPart);
    },
    after: (reached) => {
      if (fault.kind === 'after' && reached.number === point.number) endAll(fault.ending);
    },
  });
  return { isSprung: () => isSprung };
}

function end(world: NodeWorld, index: ValidatorIndex, ending: Ending): void {
  const machine = world.machine(index);
  if (ending === 'kill') machine.kill();
  else if (ending === 'power') machine.losePower();
  else machine.loseUnsynced();
}
