import { expect, test } from '@jest/globals';
import { encodeFunctionData, getContract, type Hex, parseAbi, type TransactionReceipt } from 'viem';
import { compiledInitCode } from '../../support/compose/artifacts.ts';
import type { Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { rpc } from '../../support/devnet-process.ts';

const WORKSHOP = parseAbi([
  'function make(uint256 count) payable',
  'function turnAll(uint256 turns) returns (uint256)',
  'function bobbins(uint256 index) view returns (address)',
]);
const PURSE = parseAbi([
  'function pay(address[] to) payable',
  'function poke(address target, bytes data) returns (bool ok, bytes result)',
]);
const BOBBIN = parseAbi(['function tangle()', 'function turn(uint256 count)']);
const GAS = 1_000_000n;
/** Not the zero address: that is anvil's coinbase, and warm there (EIP-3651). */
const NOBODY: Hex = '0x000000000000000000000000000000000000dead';
/** SHA-256. */
const PRECOMPILE: Hex = '0x0000000000000000000000000000000000000002';

/** What is asked of each transaction, and what of the answers depends on the network: hashes and balances by its fees. */
const QUESTIONS: readonly (readonly [string, unknown])[] = [
  ['debug_traceTransaction', { tracer: 'callTracer', tracerConfig: { withLog: true } }],
  ['debug_traceTransaction', { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }],
  ['debug_traceTransaction', { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }],
  ['trace_transaction', null],
  ['ots_getTransactionError', null],
];
const VARYING: ReadonlySet<string> = new Set([
  'balance',
  'codeHash',
  'blockHash',
  'blockNumber',
  'transactionHash',
  'index',
]);

/** Traces by the name of their transaction, as Ethereum's answer was. */
const traces = new Map<string, string>();

async function setUp(net: Network) {
  const user = net.user(0);
  const workshop = getContract({
    address: await net.deploy('workshop', user, await compiledInitCode('Workshop')),
    abi: WORKSHOP,
    client: net.client,
  });
  const purse = getContract({
    address: await net.deploy('purse', net.user(2), await compiledInitCode('Purse')),
    abi: PURSE,
    client: net.client,
  });
  return { net, workshop, purse };
}

/** All that is said of the transaction; the same on every network. */
async function traced(net: Network, what: string, { transactionHash, gasUsed }: TransactionReceipt): Promise<void> {
  const answers: unknown[] = [];
  for (const [method, config] of QUESTIONS) {
    const params = config === null ? [transactionHash] : [transactionHash, config];
    answers.push(await rpc(net.url, method, params));
  }
  const [calls] = answers;
  // anvil says what is left after the intrinsic gas, geth the limit.
  expect(calls).toMatchObject({ gasUsed: `0x${gasUsed.toString(16)}` });
  const told = JSON.stringify(answers.map(comparable));
  const known = traces.get(what);
  if (known === undefined) traces.set(what, told);
  else expect(JSON.parse(told)).toEqual(JSON.parse(known));
}

/** Without what depends on the network, without accounts of which nothing is left then, in an order of its own. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const isOutermost = 'type' in value && 'gasUsed' in value && 'input' in value;
  const members = Object.entries(value)
    .filter(([name]) => !VARYING.has(name) && !(isOutermost && name === 'gas'))
    .map(([name, member]) => [name, comparable(member)] as const)
    .filter(([name, member]) => !(name.length === 42 && isEmptyObject(member)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members);
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

onEveryNetwork(setUp, (world) => {
  test('creations, and calls of what was created', async () => {
    const { net, workshop } = world();
    const options = { account: net.user(4), gas: GAS };
    const made = await net.mined('make', workshop.write.make([2n], { ...options, value: 10n }));
    await traced(net, 'make', made);
    await traced(net, 'turn', await net.mined('turn', workshop.write.turnAll([3n], options)));
  });

  test('reverts: of the whole, with an error of its own, and of a part', async () => {
    const { net, workshop, purse } = world();
    const options = { account: net.user(6), gas: GAS };
    await traced(net, 'too much', await net.reverted('too much', workshop.write.turnAll([11n], options)));
    const bobbin = await workshop.read.bobbins([0n]);
    const tangle = encodeFunctionData({ abi: BOBBIN, functionName: 'tangle' });
    const turn = encodeFunctionData({ abi: BOBBIN, functionName: 'turn', args: [11n] });
    await traced(net, 'tangle', await net.mined('tangle', purse.write.poke([bobbin, tangle], options)));
    await traced(net, 'turn too far', await net.mined('turn too far', purse.write.poke([bobbin, turn], options)));
    const outOfGas = { account: net.user(6), gas: 30_000n };
    await traced(net, 'out of gas', await net.reverted('out of gas', workshop.write.turnAll([1n], outOfGas)));
  });

  test('value to accounts of every shard, and a plain transfer', async () => {
    const { net, purse } = world();
    const to = net.users.map(({ address }) => address);
    const options = { account: net.user(1), gas: GAS, value: 80n };
    await traced(net, 'pay', await net.mined('pay', purse.write.pay([to], options)));
    const plain = { account: net.user(3), to: net.user(5).address, value: 1n };
    await traced(net, 'transfer', await net.mined('transfer', net.writer.sendTransaction(plain)));
  });

  test('calls of nothing', async () => {
    const { net, purse } = world();
    const options = { account: net.user(7), gas: GAS };
    await traced(net, 'nobody', await net.mined('nobody', purse.write.poke([NOBODY, '0x12345678'], options)));
  });

  test('a call is traced as if it were a transaction, on the state after the block', async () => {
    const { net, purse } = world();
    const data = encodeFunctionData({ abi: PURSE, functionName: 'poke', args: [PRECOMPILE, '0x'] });
    const call = { from: net.user(0).address, to: purse.address, data, gas: '0xf4240' };
    const answer = await rpc(net.url, 'debug_traceCall', [call, 'latest', { tracer: 'callTracer' }]);
    const told = JSON.stringify(comparable(answer));
    const known = traces.get('call') ?? told;
    traces.set('call', known);
    expect(JSON.parse(told)).toEqual(JSON.parse(known));
    expect(answer).toMatchObject({ calls: [{ to: PRECOMPILE, type: 'CALL' }] });
  });
});
