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
import { type Kind, path, readCommandLine, refuse, type Script, wholeNumber } from '@heddle/command-line';
import { type SoakOptions, soakState } from './soak/run.ts';

type SoakFlags = Omit<SoakOptions, 'directory'> & {
  /** Null: a temporary one, removed at the end. */
  readonly directory: string | null;
};

const MOST = 2 ** 32;
const megabytes: Kind<number> = {
  read: (text, workingDirectory) => wholeNumber(4, 2 ** 20).read(text, workingDirectory) * 1024 * 1024,
};

const SCRIPT: Script<SoakFlags> = {
  runs: 'npm run soak --',
  about: 'Builds, reads and updates a state that is larger than the caches, and verifies what it reads',
  words: 'state',
  flags: {
    accounts: { typed: '--accounts <N>', help: 'in the state', kind: wholeNumber(10_000, MOST), usual: 5_000_000 },
    cacheBytes: {
      typed: '--cache-mb <N>',
      help: 'megabytes of caches',
      kind: megabytes,
      usual: 256 * 1024 * 1024,
      shown: '256',
    },
    reads: { typed: '--reads <N>', help: 'random reads', kind: wholeNumber(0, MOST), usual: 1_000_000 },
    updates: { typed: '--updates <N>', help: 'random updates', kind: wholeNumber(0, MOST), usual: 100_000 },
    batch: { typed: '--batch <N>', help: 'accounts in one update', kind: wholeNumber(1, MOST), usual: 5_000 },
    directory: {
      typed: '--directory <PATH>',
      help: 'where it is kept',
      kind: path,
      usual: null,
      shown: 'a temporary one',
    },
  },
};

async function main(): Promise<void> {
  const { flags: options, words } = await readCommandLine(SCRIPT);
  if (words.join() !== 'state') refuse(SCRIPT, 'the soak there is: state');
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

await main();
