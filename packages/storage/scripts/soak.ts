/**
 * A state that is larger than the caches, on disk as a node keeps it: builds accounts (one in 16 with storage), reads at
 * random, updates at random, and verifies what it reads, proofs, and the root.
 *
 *   npm run soak -- state [--accounts N] [--cache-mb N] [--reads N] [--updates N] [--batch N] [--directory PATH]
 *
 * Prints its report as one JSON line. Exit code 1 when something is wrong, 2 on bad use.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type SoakOptions, soakState } from './soak/run.ts';

const USAGE =
  'usage: npm run soak -- state [--accounts N] [--cache-mb N] [--reads N] [--updates N] [--batch N] [--directory PATH]';

/** What the command cannot work with; `message` is for the user. */
class UsageError extends Error {
  readonly code = 'USAGE';
}

function count(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new UsageError(`--${name} is a number from ${least} on`);
  return value;
}

function readOptions(): Omit<SoakOptions, 'directory'> & { readonly directory: string | null } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        accounts: { type: 'string', default: '5000000' },
        'cache-mb': { type: 'string', default: '256' },
        reads: { type: 'string', default: '1000000' },
        updates: { type: 'string', default: '100000' },
        batch: { type: 'string', default: '5000' },
        directory: { type: 'string' },
      },
    });
    if (positionals.join() !== 'state') throw new UsageError('the soak there is: state');
    return {
      accounts: count('accounts', values.accounts, 10_000),
      cacheBytes: count('cache-mb', values['cache-mb'], 4) * 1024 * 1024,
      reads: count('reads', values.reads, 0),
      updates: count('updates', values.updates, 0),
      batch: count('batch', values.batch, 1),
      directory: values.directory ?? null,
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'heddle-soak-')));
  const progress = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  try {
    const report = await soakState({ ...options, directory }, progress);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    if (!report.ok) process.exitCode = 1;
  } finally {
    if (options.directory === null) await rm(directory, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 2;
}
