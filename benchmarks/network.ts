/**
 * Validators in processes of their own, over libp2p: time from eth_sendRawTransaction to a receipt, one transaction at a time,
 * within a shard and across; CPU, memory and disk of each process.
 *
 * Usage: npm run bench -- network [--validators N] [--transactions N] [--shards N] [--json]. Linux only.
 */
import { cpus } from 'node:os';
import { given, readCommandLine, wholeNumber } from '@heddle/command-line';
import { cpuMs, folderBytes, residentBytes } from '../apps/validator/test/support/process-usage.ts';
import { type RunningMember, startRunningNetwork } from '../apps/validator/test/support/running-network.ts';
import { aligned } from '../apps/validator/test/support/table.ts';
import { quantile, TransferClock } from '../apps/validator/test/support/transfer-clock.ts';

const SHARDS = 2;
/** Not measured: code is compiled, connections and mesh come about. */
const WARM_UP = 60;
const MIB = 1_024 * 1_024;

const { flags } = await readCommandLine({
  runs: 'npm run bench -- network',
  about: 'Latency, CPU, memory and disk of validators in processes of their own',
  words: '',
  flags: {
    validators: { typed: '--validators <N>', help: 'processes', kind: wholeNumber(1, 100), usual: 4 },
    transactions: { typed: '--transactions <N>', help: 'each way', kind: wholeNumber(1, 2 ** 20), usual: 300 },
    json: { typed: '--json', help: 'one line of JSON instead of tables', kind: given, usual: false },
  },
});

interface Usage {
  readonly cpu: number;
  readonly disk: number;
}

interface Figures {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

const network = await startRunningNetwork(flags.validators);
try {
  const { members } = network;
  const clock = new TransferClock(SHARDS);
  await time(clock, members, WARM_UP);
  const before = members.map(usageOf);
  const startMs = performance.now();
  const { local, across } = await time(clock, members, 2 * flags.transactions);
  const seconds = (performance.now() - startMs) / 1_000;
  const processes = members.map((member, at) => {
    const [now, then] = [usageOf(member), before[at] ?? usageOf(member)];
    return {
      cpuPercent: Math.round((now.cpu - then.cpu) / seconds / 10),
      cpuMsPerTransaction: Math.round(((now.cpu - then.cpu) / (2 * flags.transactions)) * 10) / 10,
      rssMib: Math.round(residentBytes(member.pid) / MIB),
      diskBytesPerTransaction: Math.round((now.disk - then.disk) / (2 * flags.transactions)),
    };
  });
  print({ local: figures(local), across: figures(across) }, processes, seconds);
} finally {
  await network.stop();
}

/** So many transfers, half of them each way, told to all validators in turn. */
async function time(
  clock: TransferClock,
  members: readonly RunningMember[],
  count: number,
): Promise<{ readonly local: readonly number[]; readonly across: readonly number[] }> {
  const samples: { readonly local: number[]; readonly across: number[] } = { local: [], across: [] };
  for (let at = 0; at < count; at++) {
    const url = members[Math.floor(at / 2) % members.length]?.url ?? '';
    const way = at % 2 === 0 ? 'local' : 'across';
    samples[way].push(await clock.measure(url, way));
  }
  return samples;
}

function usageOf({ pid, directory }: RunningMember): Usage {
  return { cpu: cpuMs(pid), disk: folderBytes(directory) };
}

function figures(samples: readonly number[]): Figures {
  const [p50, p90, p99, max] = [0.5, 0.9, 0.99, 1].map((share) => quantile(samples, share));
  return { count: samples.length, p50: p50 ?? 0, p90: p90 ?? 0, p99: p99 ?? 0, max: max ?? 0 };
}

function print(
  ways: Readonly<Record<'local' | 'across', Figures>>,
  processes: readonly Readonly<Record<string, number>>[],
  seconds: number,
): void {
  const { validators } = flags;
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ validators, ...ways, processes })}\n`);
    return;
  }
  const latencies = Object.entries(ways).map(([way, { count, p50, p90, p99, max }]) => [
    way,
    count,
    p50,
    p90,
    p99,
    max,
  ]);
  process.stdout.write(
    `${validators} validators, ${SHARDS} shards, ${cpus().length} cores, ${Math.round(seconds)} s\n\n`,
  );
  process.stdout.write(`${aligned([['send → receipt, ms', 'count', 'p50', 'p90', 'p99', 'max'], ...latencies])}\n`);
  const rows = processes.map((one, index) => [`validator ${index}`, ...Object.values(one)]);
  const head = ['process', 'CPU, % of a core', 'CPU ms a transaction', 'RSS, MiB', 'disk bytes a transaction'];
  process.stdout.write(aligned([head, ...rows]));
}
