import { setTimeout as sleep } from 'node:timers/promises';
import { readCommandLine, wholeNumber } from '@heddle/command-line';
import { MemoryWatch } from '../apps/validator/test/support/memory-watch.ts';
import { cpuMs, folderBytes } from '../apps/validator/test/support/process-usage.ts';
import { allReceipts } from '../apps/validator/test/support/receipts.ts';
import { type RunningMember, startRunningNetwork } from '../apps/validator/test/support/running-network.ts';
import { seededNumbers } from '../apps/validator/test/support/seeded-numbers.ts';
import { aligned } from '../apps/validator/test/support/table.ts';
import { fundedPlace, Transfers } from '../apps/validator/test/support/transfers.ts';
import { loggedErrors, readHeight } from '../apps/validator/test/support/validators.ts';
import { heldBytes, inspectorUrl } from './inspect/heap.ts';

/*
 * npm run soak:network -- [--minutes N] [--rate N] [--validators N] [--seed N]
 * Validators in processes of their own take N transactions a second for some time. Prints what each has in memory over the time,
 * its CPU, and its disk a transaction. Exit code 1 if memory grows over the last half, or a transaction is not executed.
 */
/** Requests a second, told to the validators in turn. */
const TICKS = 10;
const TABLE_PARTS = 12;
const SAMPLE_MS = 1_000;
/** Over the last half: a heap may be collected late, and caches fill. */
const TOLERATED_SHARE = 0.05;
const TOLERATED_MIB = 16;
const SETTLE_MS = 60_000;
/** Of each batch, receipts are asked for so many: asking for all would be a load of its own. */
const CHECKED = 1;

const { flags } = await readCommandLine({
  runs: 'npm run soak:network --',
  about: 'Memory, CPU and disk of validators in processes of their own, under load',
  words: '',
  flags: {
    minutes: { typed: '--minutes <N>', help: 'how long', kind: wholeNumber(1, 10_000), usual: 30 },
    rate: { typed: '--rate <N>', help: 'transactions a second', kind: wholeNumber(TICKS, 10_000), usual: 100 },
    validators: { typed: '--validators <N>', help: 'processes', kind: wholeNumber(1, 8), usual: 4 },
    seed: { typed: '--seed <N>', help: 'of the random numbers', kind: wholeNumber(0, 2 ** 32), usual: 1 },
  },
});

const network = await startRunningNetwork(flags.validators, flags.validators, [], ['--inspect=127.0.0.1:0']);
try {
  process.exitCode = (await run(network.members)) ? 0 : 1;
} finally {
  await network.stop();
}

async function run(members: readonly RunningMember[]): Promise<boolean> {
  const users = await usersOf(members);
  const disk = members.map(({ directory }) => folderBytes(directory));
  const cpu = members.map(({ pid }) => cpuMs(pid));
  const memory = new MemoryWatch(
    members.map(({ pid }) => pid),
    SAMPLE_MS,
  );
  const half = flags.minutes / 2;
  const first = await load(users, half);
  const heldHalfWay = await heldMib(members);
  const second = await load(users, half);
  memory.stop();
  const heldAtEnd = await heldMib(members);
  const [sent, seconds] = [first.sent + second.sent, first.seconds + second.seconds];
  const missing = await missingOf(members, [...first.checked, ...second.checked]);
  const blocks = Math.max(...(await Promise.all(members.map(({ url }) => readHeight(url)))));
  const rows = members.map(({ pid, directory, index }, at) => {
    const [third, fourth] = [memory.meanMib(at, 0.5, 0.75), memory.meanMib(at, 0.75, 1)];
    const isFlat = fourth - third <= TOLERATED_MIB + TOLERATED_SHARE * third;
    const busy = Math.round((cpuMs(pid) - (cpu[at] ?? 0)) / seconds / 10);
    const bytes = Math.round((folderBytes(directory) - (disk[at] ?? 0)) / sent);
    const held = [heldHalfWay[at] ?? 0, heldAtEnd[at] ?? 0];
    return [`validator ${index}`, third, fourth, isFlat ? 'flat' : 'GROWS', ...held, busy, bytes] as const;
  });
  const head = [
    'process',
    'RSS in 3rd quarter',
    'in the last',
    'MiB',
    'held half-way',
    'at the end',
    'CPU, % of a core',
    'disk bytes a tx',
  ];
  const names = members.map(({ index }) => `validator ${index}`);
  const errors = members.flatMap((member) => loggedErrors(member));
  const rate = Math.round((10 * sent) / seconds) / 10;
  process.stdout.write(`${memory.table(TABLE_PARTS, names)}\n${aligned([head, ...rows])}\n`);
  process.stdout.write(`${sent} transactions in ${blocks} blocks, ${rate} a second, for ${Math.round(seconds)} s\n`);
  for (const problem of [...(missing === null ? [] : [missing]), ...errors]) process.stdout.write(`${problem}\n`);
  return missing === null && errors.length === 0 && rows.every(([, , , verdict]) => verdict === 'flat');
}

/** Each validator has accounts of its own, whose transactions it is told. */
function usersOf(members: readonly RunningMember[]): Promise<readonly Transfers[]> {
  const random = seededNumbers(flags.seed);
  return Promise.all(
    members.map(({ url }, at) => {
      const place = fundedPlace(url);
      const own = place.accounts.filter((_, index) => index % members.length === at);
      return Transfers.create({ ...place, accounts: own }, random);
    }),
  );
}

interface Load {
  readonly sent: number;
  readonly checked: readonly string[];
  readonly seconds: number;
}

async function load(users: readonly Transfers[], minutes: number): Promise<Load> {
  const checked: string[] = [];
  const startMs = performance.now();
  const ticks = Math.round(minutes * 60 * TICKS);
  let sent = 0;
  for (let tick = 0; tick < ticks; tick++) {
    const count = Math.round(((tick + 1) * flags.rate) / TICKS) - Math.round((tick * flags.rate) / TICKS);
    const hashes = (await users[tick % users.length]?.send(count)) ?? [];
    sent += hashes.length;
    checked.push(...hashes.slice(0, CHECKED));
    await sleep(Math.max(0, startMs + ((tick + 1) * 1_000) / TICKS - performance.now()));
  }
  return { sent, checked, seconds: (performance.now() - startMs) / 1_000 };
}

/** Heap and buffers of each after collections, MiB. */
function heldMib(members: readonly RunningMember[]): Promise<readonly number[]> {
  return Promise.all(
    members.map(async (member) => {
      const bytes = await heldBytes(inspectorUrl(member.log()), 'heap and buffers');
      return Math.round(bytes / 1_024 / 1_024);
    }),
  );
}

async function missingOf([first]: readonly RunningMember[], hashes: readonly string[]): Promise<string | null> {
  if (first === undefined) return 'nobody runs';
  return allReceipts(first.url, hashes, SETTLE_MS).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
