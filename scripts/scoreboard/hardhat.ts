import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from './check.ts';
import { output } from './command.ts';
import { installed, requireFrom, SOLC_VERSION } from './packages.ts';
import type { FoundRow, Result, RowKind } from './result.ts';

/** A major version of Hardhat, and how its rows are called. */
export interface Hardhat {
  readonly set: 'hardhat2' | 'hardhat3';
  readonly title: string;
  readonly test: readonly string[];
  readonly module: string;
}

/** What a trial of the project wrote down. */
interface Trial extends Result {
  readonly row: string;
}

const TEST_LIMIT_MS = 10 * 60_000;
const DEPLOY_LIMIT_MS = 120_000;
/** The suites of the projects, and how they count. */
const IGNITION = 'Ignition';
const CONTROL = 'control';

/** Runs the project's tests against the node, then deploys its module. Throws when not one trial ran. */
export async function runHardhat(subject: Subject, hardhat: Hardhat): Promise<readonly FoundRow[]> {
  const folder = makeProject(subject.work, hardhat.set);
  const file = join(folder, 'results.jsonl');
  rmSync(file, { force: true });
  const env = surroundings(subject, folder, file);
  const cli = join(folder, 'node_modules', '.bin', 'hardhat');
  // Under the Node that the project pins: Hardhat 3 refuses older ones.
  const hardhatSays = (args: readonly string[], limitMs: number): Promise<string> =>
    output(process.execPath, [cli, ...args], { folder, env, limitMs });
  const said = await reasonFor(() => hardhatSays(hardhat.test, TEST_LIMIT_MS));
  const trials = existsSync(file) ? readTrials(file) : [];
  if (trials.length === 0) throw new Error(said ?? 'no test ran');
  const deploy = ['ignition', 'deploy', hardhat.module, '--network', 'live'];
  const failure = await reasonFor(() => hardhatSays(deploy, DEPLOY_LIMIT_MS));
  return rowsOf(hardhat.title, [...trials, { row: IGNITION, name: 'ignition deploy', failure }]);
}

/** Why it failed; `null` when it did not. */
async function reasonFor(run: () => Promise<string>): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function rowsOf(title: string, trials: readonly Trial[]): readonly FoundRow[] {
  return [...new Set(trials.map(({ row }) => row))].map((row) => {
    const kind: RowKind = row === CONTROL ? { kind: 'control' } : { kind: 'judged' };
    const results = trials.filter((trial) => trial.row === row).map(({ name, failure }) => ({ name, failure }));
    return { row: `${title}: ${row}`, kind, finding: { state: 'ran', results } };
  });
}

/** The packages' folder is the project. What Ignition remembers of another network is forgotten. */
function makeProject(work: string, set: Hardhat['set']): string {
  const folder = installed(work, set);
  rmSync(join(folder, 'ignition'), { recursive: true, force: true });
  cpSync(join(import.meta.dirname, 'projects', set), folder, { recursive: true });
  mkdirSync(join(folder, 'contracts'), { recursive: true });
  cpSync(join(import.meta.dirname, 'contracts', 'Tally.sol'), join(folder, 'contracts', 'Tally.sol'));
  return folder;
}

function surroundings({ http }: Subject, folder: string, results: string): Readonly<Record<string, string>> {
  return {
    NODE_URL: http,
    RESULTS: results,
    SOLC_VERSION,
    SOLJSON: requireFrom(folder).resolve('solc/soljson.js'),
    HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true',
    HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: 'true',
    HARDHAT_NETWORK: 'live',
    // Caches of compilers and telemetry settings stay with the packages.
    XDG_CACHE_HOME: join(folder, '.cache'),
    XDG_CONFIG_HOME: join(folder, '.config'),
    XDG_DATA_HOME: join(folder, '.data'),
  };
}

function readTrials(file: string): readonly Trial[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const trial: Trial = JSON.parse(line);
      return trial;
    });
}
