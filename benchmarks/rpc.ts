/**
 * Requests a second over 32 keep-alive connections, HTTP and WebSocket, singly and in batches of 100, by Heddle and anvil
 * with the same chain, in turns; medians over the rounds. Beside each rate stands the CPU time of the server's process a request:
 * on a machine that others use as well it says more than the rate. A transfer counts when the latest block has it.
 *
 * Usage: npm run bench -- rpc [--only NAME]… [--networks s1,s2,anvil] [--rounds N] [--seconds N] [--json]
 */
import { given, list, oneOf, readCommandLine, several, wholeNumber } from '@heddle/command-line';
import { type ComparedNetwork, NETWORKS, startNetwork } from '../apps/validator/test/support/compared-networks.ts';
import { type Content, fill, type Sender, senders } from './rpc-parts/content.ts';
import { Load } from './rpc-parts/load.ts';
import { type Case, CONNECTIONS, measure, type Sample, Spending } from './rpc-parts/measure.ts';
import { TRANSPORTS } from './rpc-parts/plan.ts';
import { METHODS } from './rpc-parts/questions.ts';
import { type Row, rowOf, tableOf } from './rpc-parts/table.ts';

const { flags } = await readCommandLine({
  runs: 'npm run bench -- rpc',
  about: 'Requests a second, beside anvil',
  words: '',
  flags: {
    only: {
      typed: '--only <NAME>',
      help: METHODS.join(', '),
      kind: several(oneOf(METHODS)),
      usual: METHODS,
      shown: 'all',
    },
    networks: {
      typed: '--networks <NAMES>',
      help: NETWORKS.join(', '),
      kind: list(oneOf(NETWORKS)),
      usual: ['s1', 's2', 'anvil'] as const,
      shown: 's1,s2,anvil',
    },
    rounds: { typed: '--rounds <N>', help: 'measured, after one that is not', kind: wholeNumber(1, 100), usual: 3 },
    seconds: { typed: '--seconds <N>', help: 'of a sample of reads', kind: wholeNumber(1, 60), usual: 1 },
    json: { typed: '--json', help: 'print one line of JSON', kind: given, usual: false },
  },
});

/** A network, what is on it, and which transfers have been sent to it. */
interface Side {
  readonly network: ComparedNetwork;
  readonly content: Content;
  readonly spending: Spending;
}

// The last account fills the chain; the others send.
const accounts = senders(CONNECTIONS + 1);
const cases: readonly Case[] = flags.only.flatMap((method) =>
  TRANSPORTS.flatMap((transport) => [false, true].map((isBatch) => ({ method, transport, isBatch }))),
);
const load = new Load();
const sides: Side[] = [];
try {
  for (const name of flags.networks) sides.push(await open(name, accounts.slice(0, CONNECTIONS), accounts.slice(-1)));
  const rows: Row[] = [];
  for (const one of cases) {
    const row = await inTurns(one);
    rows.push(row);
    process.stderr.write(`${rows.length} of ${cases.length}\n${tableOf([row], flags.networks)}`);
  }
  process.stdout.write(flags.json ? `${JSON.stringify(rows)}\n` : tableOf(rows, flags.networks));
} finally {
  await load.stop();
  for (const { network } of sides) await network.stop();
}

async function open(
  name: (typeof NETWORKS)[number],
  spenders: readonly Sender[],
  owners: readonly Sender[],
): Promise<Side> {
  const network = await startNetwork(name, accounts.length);
  const [owner] = owners;
  if (owner === undefined) throw new Error('nobody fills the chain');
  return { network, content: await fill(network.url, owner), spending: new Spending(spenders) };
}

async function inTurns(one: Case): Promise<Row> {
  const samples = new Map<string, Sample[]>();
  for (let round = 0; round <= flags.rounds; round++) {
    for (const { network, content, spending } of sides) {
      const sample = await measure(load, network, content, spending, one, flags.seconds * 1_000);
      // The first warms up.
      if (round > 0) samples.set(network.name, [...(samples.get(network.name) ?? []), sample]);
    }
  }
  return rowOf(one, samples);
}
