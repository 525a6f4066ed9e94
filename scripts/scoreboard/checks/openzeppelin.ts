import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, Subject } from '../check.ts';
import { output } from '../command.ts';
import { reasonOf } from '../flows.ts';
import { judged, notRun, type Result } from '../result.ts';

const ROW = "OpenZeppelin's own tests";
const LIMIT_MS = 14 * 60_000;
/** What of the suite is about contracts that people use most; the rest takes hours on a live network. */
const FOLDERS = ['test/access', 'test/token'];

/** The report of mocha's reporter `json`. */
interface Report {
  readonly passes: readonly { readonly fullTitle: string }[];
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

/** The tests of a checkout that the user has, unmodified, by its own Hardhat 2. */
export const openzeppelinCheck: Check = {
  name: 'openzeppelin',
  row: ROW,
  run: async (subject) => {
    if (subject.openzeppelin === null) return [notRun(ROW, 'no checkout is given with --openzeppelin DIR')];
    return [judged(ROW, await runSuite(subject, subject.openzeppelin))];
  },
};

async function runSuite({ work, http, network }: Subject, folder: string): Promise<readonly Result[]> {
  const config = ['hardhat.config.js', 'hardhat.config.cjs'].map((name) => join(folder, name)).find(existsSync);
  if (config === undefined) throw new Error(`${folder} has no hardhat.config.js: is it a checkout with its packages?`);
  const files = FOLDERS.flatMap((name) => testsBelow(join(folder, name)));
  if (files.length === 0) throw new Error(`${folder} has no tests in ${FOLDERS.join(' or ')}`);
  const report = join(work, `openzeppelin-${network}.json`);
  const wrapper = join(work, 'openzeppelin.config.cjs');
  rmSync(report, { force: true });
  writeFileSync(wrapper, wrapperOf(config, folder, http, report));
  const cli = join(folder, 'node_modules', '.bin', 'hardhat');
  const args = [cli, '--config', wrapper, '--network', 'live', 'test', ...files];
  let said = 'it wrote no report';
  try {
    await output(process.execPath, args, { folder, env: {}, limitMs: LIMIT_MS });
  } catch (error) {
    // Failed tests end it with an error as well: the report has them.
    said = reasonOf(error);
  }
  if (!existsSync(report)) throw new Error(said);
  return readReport(report);
}

function readReport(file: string): readonly Result[] {
  const { passes, failures }: Report = JSON.parse(readFileSync(file, 'utf8'));
  return [
    ...passes.map(({ fullTitle }) => ({ name: fullTitle, failure: null })),
    ...failures.map(({ fullTitle, err }) => ({ name: fullTitle, failure: reasonOf(err) })),
  ];
}

/** The suite's own settings with one more network; nothing in the checkout is changed. */
function wrapperOf(config: string, root: string, url: string, report: string): string {
  return `const own = require(${JSON.stringify(config)});
module.exports = {
  ...own,
  paths: { ...own.paths, root: ${JSON.stringify(root)} },
  networks: { ...own.networks, live: { url: ${JSON.stringify(url)} } },
  mocha: { ...own.mocha, reporter: 'json', reporterOptions: { output: ${JSON.stringify(report)} } },
};
`;
}

function testsBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(folder, name))
    .sort();
}
