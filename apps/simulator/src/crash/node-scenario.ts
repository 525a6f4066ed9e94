import type { ValidatorIndex } from '@heddle/types';
import { ViolationError } from '../errors.ts';
import { BLOCKS_AFTER_CRASH, MAX_REFERENCE_MS } from '../limits.ts';
import { expectProgress, violationOf } from '../world/run-seed.ts';
import type { World } from '../world/world.ts';
import { walkWorld } from './reference.ts';

/** A known bug of other programs, played with whole validators. */
export interface NodeScenario {
  readonly name: string;
  /** Seeds that are played: some things depend on where exactly the fault hits. */
  readonly seeds: number;
  /** All machines run and have been asked for blocks. Afterwards the network has to go on everywhere. */
  play(world: World): Promise<void>;
}

export const SCENARIO_VALIDATORS = 4;
const BLOCKS = 30n;

/** What is wrong; null if nothing is. `write` gets every line of the trace. */
export async function runNodeScenario(
  { play }: NodeScenario,
  seed: number,
  write: (line: string) => void,
): Promise<string | null> {
  const world = walkWorld({ seed, validators: SCENARIO_VALIDATORS }, write);
  const violation = await violationOf(world, async () => {
    world.startAll();
    world.users.begin();
    world.wantBlocks(BLOCKS);
    await play(world);
    world.heal();
    await expectProgress(world, BLOCKS_AFTER_CRASH);
    world.finish();
  });
  world.close();
  return violation?.message ?? null;
}

/** Throws ViolationError in the scenario's name. */
export function expectThat(condition: boolean, what: string): void {
  if (!condition) throw new ViolationError('scenario', what);
}

/** Lets time run until it is so. */
export async function reach(world: World, what: string, done: () => boolean): Promise<void> {
  expectThat(await world.until(done, MAX_REFERENCE_MS), `${what} does not come: ${world.describe()}`);
}

/** So many more final blocks on every machine but these. */
export function moreBlocks(world: World, count: bigint, but: readonly ValidatorIndex[]): Promise<void> {
  const wanted = world.height + count;
  const others = world.machines.filter(({ index }) => !but.includes(index));
  return reach(world, `block ${wanted}`, () =>
    others.every(({ node }) => node !== null && node.chain.tree.root.height >= wanted),
  );
}

/** Starts a machine on a disk that no process may go on with; it has to see that and stop. */
export async function expectRefusal(world: World, index: ValidatorIndex): Promise<void> {
  const machine = world.machine(index);
  const before = machine.crashes;
  machine.mayBreakDown = true;
  world.start(index);
  await reach(world, `the refusal of validator ${index}`, () => machine.crashes > before);
  machine.mayBreakDown = false;
}
