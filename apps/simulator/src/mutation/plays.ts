import { directedScenarios } from '../directed/index.ts';
import { realEngine } from '../engine/engine-under-test.ts';
import { engineScenarios } from '../engine/scenarios.ts';
import { runEngineSeed, standardSeedOptions } from '../engine/seeds.ts';
import { EngineViolation } from '../engine/violation.ts';
import { UnjudgedRunError, UnknownNameError } from '../errors.ts';

/** Plays one seed and says what invariant it violated; null if none. Throws whatever else goes wrong. */
export type Play = (seed: number) => Promise<string | null>;

/** Random seeds on the engine alone. */
const ENGINE_SEEDS = 'engine-seeds';
/** Before the name of a whole-node scenario. */
const WORLD = 'world/';
/** What these violations stand for is an error that nobody expected, not an invariant. */
const UNJUDGED = ['no-unexpected-error', 'no-endless-run'];

/**
 * A scenario by its name: a directed one, `engine-seeds`, or `world/<scenario>` for whole nodes. Throws UnknownNameError.
 */
export async function playOf(name: string): Promise<Play> {
  if (name.startsWith(WORLD)) return worldPlay(name.slice(WORLD.length));
  if (name === ENGINE_SEEDS) return judged((seed) => runEngineSeed(seed, standardSeedOptions));
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
async function worldPlay(scenario: string): Promise<Play> {
  const { runSeed } = await import('../world/run-seed.ts');
  const { planOf } = await import('../plan.ts');
  return async (seed) => {
    const { violation } = await runSeed(planOf(seed, { validators: 4, shards: 1, scenario }), () => {});
    if (violation === null || !UNJUDGED.includes(violation.invariant)) return violation?.detail ?? null;
    throw new UnjudgedRunError(violation.detail);
  };
}
