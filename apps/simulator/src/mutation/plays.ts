import { directedScenarios } from '../directed/index.ts';
import { realEngine } from '../engine/engine-under-test.ts';
import { runEngineSeed, standardSeedOptions } from '../engine/seeds.ts';
import { EngineViolation } from '../engine/violation.ts';
import { UnjudgedRunError, UnknownNameError } from '../errors.ts';
import { engineScenarios } from '../regressions/engine/index.ts';

/** Plays one seed and says what invariant it violated; null if none. Throws whatever else goes wrong. */
export type Play = (seed: number) => Promise<string | null>;

/** Random seeds on the engine alone. */
const ENGINE_SEEDS = 'engine-seeds';
/** Before the name of a whole-node scenario, and maybe how many shards it is played with: one if nothing is said. */
const WORLD = 'world/';
/** Before who dies in a walk over crash points (`WalkPlan.who`), and maybe at what. */
const CRASH = 'crash/';
/** One case of so many is a seed. */
const CRASH_STRIDE = 50;
/** Directed, but it stands on storage, which takes as long to load as all the others together. */
const ON_DISK = 'journal-on-disk';
/** Directed too, on a whole node. */
const TAKEN_BACK = 'chain-taken-back';
/** Directed too, on execution and the node. */
const SECTION = 'section/';
/** What these violations stand for is an error that nobody expected, not an invariant. */
const UNJUDGED = ['no-unexpected-error', 'no-endless-run'];

/**
 * A scenario by its name: a directed one, `engine-seeds`, `world/<scenario>` or `world/<scenario>/<shards>` for whole nodes, `crash/<who>` for crash points
 * here and there, or `crash/<who>/<what>` for those of one kind. Throws UnknownNameError.
 */
export async function playOf(name: string): Promise<Play> {
  if (name.startsWith(WORLD)) return worldPlay(name.slice(WORLD.length));
  if (name.startsWith(CRASH)) return crashPlay(name.slice(CRASH.length));
  if (name === ENGINE_SEEDS) return judged((seed) => runEngineSeed(seed, standardSeedOptions));
  if (name === ON_DISK) {
    const { journalOnDisk } = await import('../directed/journal-on-disk.ts');
    return judged((seed) => journalOnDisk.run(seed));
  }
  if (name === TAKEN_BACK) {
    const { chainTakenBack } = await import('../directed/chain-taken-back.ts');
    return judged((seed) => chainTakenBack.run(seed));
  }
  if (name.startsWith(SECTION)) {
    const { sectionScenarios } = await import('../directed/section/index.ts');
    const section = sectionScenarios.find((scenario) => scenario.name === name);
    if (section !== undefined) return judged((seed) => section.run(seed));
  }
  const onEngine = engineScenarios.find((scenario) => scenario.name === name);
  if (onEngine !== undefined) return judged((seed) => onEngine.run(seed, realEngine));
  const directed = directedScenarios.find((scenario) => scenario.name === name);
  if (directed !== undefined) return judged((seed) => directed.run(seed));
  throw new UnknownNameError('scenario', name);
}

function judged(run: (seed: number) => unknown): Play {
  return async (seed) => {
    try {
      await run(seed);
      return null;
    } catch (error) {
      if (error instanceof EngineViolation) return error.message;
      throw error;
    }
  };
}

/** The node and all that it stands on are loaded only where they are needed. */
async function worldPlay(name: string): Promise<Play> {
  const [scenario = '', shards = '1'] = name.split('/');
  const { playSeed } = await import('../play-seed.ts');
  return async (seed) => {
    const { violation } = await playSeed(seed, { validators: 4, shards: Number(shards), scenario }, () => {});
    if (violation === null || !UNJUDGED.includes(violation.invariant)) return violation?.detail ?? null;
    throw new UnjudgedRunError(violation.detail);
  };
}

async function crashPlay(name: string): Promise<Play> {
  const { casesOf } = await import('../crash/walk.ts');
  const { VICTIMS } = await import('../crash/crash-case.ts');
  const { runCase } = await import('../crash/run-case.ts');
  const [victims = '', what = null] = name.split('/');
  const who = VICTIMS.find((each) => each === victims);
  if (who === undefined) throw new UnknownNameError('kind of victims', victims);
  const every = what === null ? CRASH_STRIDE : 1;
  const plan = { seed: 1, validators: 4, who, torn: false, distinct: what !== null, every };
  const cases = (await casesOf(plan)).filter(({ point }) => what === null || point.what === what);
  return async (seed) => {
    const crash = cases[seed];
    if (crash === undefined) throw new UnknownNameError('crash case', seed);
    const { violation } = await runCase(plan, crash, () => {});
    const isUnjudged = UNJUDGED.some((invariant) => violation?.startsWith(invariant));
    if (violation !== null && isUnjudged) throw new UnjudgedRunError(violation);
    return violation;
  };
}
