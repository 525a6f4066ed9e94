/**
 * What clients of Ethereum do on Heddle beside anvil: each check on fresh networks in turns. Progress goes to stderr, the table to
 * stdout; a whole run writes docs/compatibility.md. Ends with 1 when a judged row is below anvil's, or lower on more shards.
 *
 * Usage: npm run scoreboard -- [--only NAME]… [--networks s1,anvil] [--openrpc FILE] [--work DIR] [--openzeppelin DIR] [--resume] [--json]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readCommandLine } from '@heddle/command-line';
import { NETWORKS } from '../../apps/validator/test/support/compared-networks.ts';
import { CHECK_NAMES } from './checks/names.ts';
import { FLAGS } from './flags.ts';
import { complaints } from './judge.ts';
import { KeptResults } from './kept.ts';
import { PACKAGES } from './packages.ts';
import { type Board, document, tableText } from './render.ts';
import { type FoundRow, joinRows, passes } from './result.ts';
import { runCheck } from './run-check.ts';

const root = resolve(import.meta.dirname, '../..');
const { flags } = await readCommandLine({
  runs: 'npm run scoreboard --',
  about: 'What clients of Ethereum do on Heddle, beside anvil',
  words: '',
  flags: FLAGS,
});

mkdirSync(flags.work, { recursive: true });
const kept = new KeptResults(flags.work, flags.resume);
const found: { network: string; rows: readonly FoundRow[] }[] = [];
for (const check of CHECK_NAMES.filter((name) => flags.only.includes(name))) {
  for (const network of flags.networks) {
    const started = performance.now();
    const rows = kept.read(check, network) ?? (await runCheck(check, network, flags));
    kept.write(check, network, rows);
    found.push({ network, rows });
    process.stderr.write(
      `${check} on ${network}: ${summary(rows)} in ${Math.round((performance.now() - started) / 1_000)} s\n`,
    );
  }
}

const rows = joinRows(found);
const board: Board = {
  rows,
  networks: flags.networks,
  date: new Date().toISOString().slice(0, 10),
  versions: versions(),
};
const wrong = complaints(rows);
process.stdout.write(flags.json ? `${JSON.stringify({ ...board, complaints: wrong })}\n` : tableText(board));
for (const complaint of wrong) process.stderr.write(`below: ${complaint}\n`);
if (flags.only.length === CHECK_NAMES.length && flags.networks.length === NETWORKS.length) {
  writeFileSync(resolve(root, 'docs/compatibility.md'), document(board));
} else {
  process.stderr.write('docs/compatibility.md is written by a run of all checks on all networks\n');
}
process.exitCode = wrong.length === 0 ? 0 : 1;

function summary(found: readonly FoundRow[]): string {
  return found
    .map(({ row, finding }) =>
      finding.state === 'ran'
        ? `${row} ${passes(finding)}/${finding.results.length}`
        : `${row} not run: ${finding.reason}`,
    )
    .join(', ');
}

/** Of the clients and of what they were tried on. */
function versions(): Board['versions'] {
  const own: { version: string; devDependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(resolve(root, 'package.json'), 'utf8'),
  );
  const ours = ['@foundry-rs/anvil', 'viem', 'ethers', 'solc'].map((name) => ({
    name,
    version: own.devDependencies[name] ?? '?',
  }));
  const brought = Object.values(PACKAGES).flatMap((set) =>
    Object.entries(set).map(([name, version]) => ({ name, version })),
  );
  const all = [{ name: 'Heddle', version: own.version }, ...ours, ...brought];
  const shown = new Map(all.map(({ name, version }) => [`${name} ${version}`, { name, version }]));
  return [...shown.values()];
}
