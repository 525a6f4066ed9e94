import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type Mutant, mutated, pathOf, readMutants } from '../src/mutation/mutant.ts';
import { runJob } from '../src/mutation/run-job.ts';

const JOB_LIMIT_MS = 60_000;
const LEAST_MUTANTS = 25;

const mutants = readMutants();

/** The outcome of one mutant, or of none, against one scenario. */
async function outcomeOf(mutant: Mutant | null, scenario: string, seeds: number): Promise<string> {
  const [report] = await runJob({ mutant, runs: [{ scenario, seeds }] });
  return report?.outcome.kind === 'broken' ? `broken: ${report.outcome.detail}` : `${report?.outcome.kind}`;
}

function mutantNamed(name: string): Mutant {
  const found = mutants.find((mutant) => mutant.name === name);
  if (found === undefined) throw new TypeError(`there is no mutant ${name}`);
  return found;
}

describe('the mutation gate', () => {
  test('has its mutants', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(LEAST_MUTANTS);
  });

  test.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s still has its one place', (_name, mutant) => {
    expect(mutated(readFileSync(pathOf(mutant), 'utf8'), mutant)).toContain(mutant.replace);
  });

  test('a mutant without its place is refused', () => {
    const mutant = mutantNamed('finalizes-after-nullify');
    expect(() => mutated('', mutant)).toThrow(expect.objectContaining({ code: 'MUTANT' }));
    expect(() => mutated(mutant.find.repeat(2), mutant)).toThrow(expect.objectContaining({ code: 'MUTANT' }));
  });

  // A slice of `npm run mutate`: a rule of the engine, the signer, the chunk protocol, the section.
  test.each(['finalizes-after-nullify', 'signs-in-earlier-view', 'endorses-twice', 'contracts-at-home'])(
    '%s is caught',
    async (name) => {
      const mutant = mutantNamed(name);
      expect(await outcomeOf(mutant, mutant.scenario, mutant.seeds)).toBe('caught');
      expect(await outcomeOf(null, mutant.scenario, mutant.seeds)).toBe('survived');
    },
    2 * JOB_LIMIT_MS,
  );

  test(
    'a mutant that cannot even be loaded is no catch',
    async () => {
      const broken: Mutant = {
        ...mutantNamed('finalizes-after-nullify'),
        find: '/** [F] Votes',
        replace: 'throw 1;/**',
      };
      expect(await outcomeOf(broken, 'late-votes', 1)).toMatch(/^broken/);
    },
    JOB_LIMIT_MS,
  );

  test(
    'a mutant that throws past every invariant is no catch',
    async () => {
      const find = '  const { notarization, ownNotarize, ownNullify, ownFinalize } = t.view(view);';
      const broken: Mutant = {
        ...mutantNamed('finalizes-after-nullify'),
        find,
        replace: `${find}\n  throw TypeError();`,
      };
      expect(await outcomeOf(broken, 'late-votes', 1)).toMatch(/^broken: TypeError/);
    },
    JOB_LIMIT_MS,
  );

  test(
    'a mutant in a file that its scenario does not load is no catch',
    async () => {
      const mutant: Mutant = { ...mutantNamed('effects-before-sync'), scenario: 'late-votes' };
      expect(await outcomeOf(mutant, mutant.scenario, 1)).toMatch(/^broken: .* was never loaded/);
    },
    JOB_LIMIT_MS,
  );
});
