import { concatBytes, EMPTY_BYTES, hexToBytes, ImpossibleStateError } from '@heddle/primitives';
import type {
  CallExecutor,
  CallOutcome,
  CallPlace,
  CallRequest,
  ChainReader,
  LocatedTransaction,
  ShardReader,
} from '@heddle/rpc';
import { inlineRunner, NO_BLOCK_OVERRIDES, ShortCalls, type StateSource } from '@heddle/simulation';
import type { Address, Hash } from '@heddle/types';
import { createCallExecutor } from '../../src/rpc-backend/call-backend.ts';
import { createChainReader } from '../../src/rpc-backend/chain-reader.ts';
import { NodeGroup } from '../../src/rpc-backend/node-group.ts';
import { reachWithin } from '../../src/rpc-backend/reach.ts';
import { createShardReader } from '../../src/rpc-backend/shard-reader.ts';
import { pointAfter } from '../../src/rpc-backend/simulated-place.ts';
import { createStateSource } from '../../src/rpc-backend/state-source.ts';
import { PLAIN_NETWORK, TestNetwork, USUAL_TERMS } from '../support/network.ts';
import { EVERYONE, type Facts, type Scenario, scenario } from './scenario.ts';

const TWO_SHARDS = { shardCount: 2, blockTimeMs: 0 };
/** Deploys a contract that adds one to its slot 0 whenever it is called, and returns it. */
export const COUNTER: Uint8Array = deploying('5f54600101805f555f5260205ff3');

/** Init code that returns the runtime code. */
function deploying(runtime: string): Uint8Array {
  const code = hexToBytes(`0x${runtime}`);
  // PUSH1 length, DUP1, PUSH1 offset, PUSH0, CODECOPY, PUSH0, RETURN
  const init = Uint8Array.of(0x60, code.length, 0x80, 0x60, 9, 0x5f, 0x39, 0x5f, 0xf3);
  return concatBytes(init, code);
}

/** What RPC answers from, with one validator behind it. */
export interface Rpc {
  readonly chain: ChainReader;
  readonly shards: ShardReader;
  readonly calls: CallExecutor;
  readonly source: StateSource;
}

export function rpcOf(network: TestNetwork): Rpc {
  const { genesis } = network;
  const group = new NodeGroup(network.height);
  group.add(0, network.node(0));
  const source = createStateSource(group);
  return {
    source,
    chain: createChainReader(group, genesis.chainId),
    shards: createShardReader(group, genesis, reachWithin(group)),
    calls: createCallExecutor({
      group,
      clock: network.time.clock,
      runner: inlineRunner(source),
      shortCalls: new ShortCalls(source),
      consoleOutput: () => {},
    }),
  };
}

export async function included(chain: ChainReader, hash: Hash): Promise<NonNullable<LocatedTransaction['included']>> {
  const found = (await chain.transaction(hash))?.included ?? null;
  if (found === null) throw new ImpossibleStateError(`${hash} is not executed`);
  return found;
}

/** Deploys from shard 0 and gives the address. */
export async function deployed(network: TestNetwork, rpc: Rpc, data: Uint8Array): Promise<Address> {
  const hash = network.submit(0, { from: network.account(0), to: null, value: 0n, data, gasLimit: 300_000n });
  await network.executed(hash);
  await network.idle();
  const { contractAddress } = (await included(rpc.chain, hash)).entry;
  if (contractAddress === null) throw new ImpossibleStateError(`${hash} deployed nothing`);
  return contractAddress;
}

function request(from: Address, to: Address): CallRequest {
  const fees = { gas: null, maxFeePerGas: null, maxPriorityFeePerGas: null };
  return { from, to, ...fees, value: 0n, data: EMPTY_BYTES, accessList: [], authorizationList: [] };
}

/** A client that does not go away. */
const STAYING: AbortSignal = new AbortController().signal;

function after(number: bigint): CallPlace {
  return { number, overrides: new Map(), blockOverrides: NO_BLOCK_OVERRIDES };
}

function wordOf(outcome: CallOutcome): number {
  return outcome.kind === 'success' ? Number(BigInt(`0x${Buffer.from(outcome.returnData).toString('hex')}`)) : -1;
}

/** The contract's slot 0 after a block, read by the root of the state: flat at the head, through the trie below it. */
async function counting(network: TestNetwork, rpc: Rpc, contract: Address): Promise<(number: bigint) => bigint> {
  const { residence } = await rpc.chain.account(contract, network.height);
  return (number) => {
    const { chain } = network.node(0);
    const block = chain.store.blockByNumber(number);
    const root = block === null ? undefined : pointAfter(chain, block).roots[residence];
    if (root === undefined) throw new ImpossibleStateError(`block ${number} has no shard ${residence}`);
    return rpc.source.state(residence, root).storage(contract, 0n);
  };
}

async function callAcross(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const rpc = rpcOf(network);
  const contract = await deployed(network, rpc, COUNTER);
  const caller = network.account(1, 1);
  const estimate = await rpc.calls.estimateGas(request(caller.address, contract), after(network.height), STAYING);
  const gasLimit = estimate.kind === 'success' ? estimate.gasUsed : 0n;
  const before = network.height;
  const countAfter = await counting(network, rpc, contract);
  const counts = [countAfter(before)];
  const hash = network.submit(0, { from: caller, to: contract, value: 0n, data: EMPTY_BYTES, gasLimit });
  const waiting = await rpc.shards.trace(hash);
  await network.executed(hash);
  const blocks = Number(network.height - before);
  await network.idle();
  const trace = await rpc.shards.trace(hash);
  counts.push(countAfter(before), countAfter(network.height));
  const seen = wordOf(
    await rpc.calls.call(request(caller.address, contract), after(network.height), { signal: STAYING }),
  );
  return {
    blocks,
    way: trace?.way ?? 'none',
    waitedFor: waiting?.waitsFor ?? 'nothing',
    counted: seen,
    countsByRoot: counts.join(' '),
    estimateIsEnough: (await included(rpc.chain, hash)).entry.receipt.status === 1,
    callSeesTheOtherShard: seen === 2,
  };
}

/** One transaction for each part of a block, known to everyone before anyone builds: a block before them keeps its distance. */
async function allParts(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const rpc = rpcOf(network);
  const pay = (from: number, to: number, position: number): Hash => {
    const target = { to: network.account(to, 3).address, value: 1n, data: EMPTY_BYTES, gasLimit: 21_000n };
    const transaction = network.sign({ from: network.account(from, position), ...target });
    for (const index of EVERYONE) network.submitSigned(index, transaction);
    return transaction.hash;
  };
  await network.executed(pay(0, 0, 2));
  const hashes = [pay(0, 0, 0), pay(1, 1, 0), pay(0, 1, 1)];
  for (const hash of hashes) await network.executed(hash);
  await network.idle();
  const entries = await Promise.all(hashes.map((hash) => included(rpc.chain, hash)));
  const last = entries.at(-1);
  const executed = last?.block.executed ?? [];
  const ways = await Promise.all(
    executed.map(async ({ transaction }) => (await rpc.shards.trace(transaction.hash))?.way),
  );
  return {
    ways: ways.join(' '),
    indices: executed.map(({ transactionIndex }) => transactionIndex).join(' '),
    cumulativeRises: executed.every(({ cumulativeGasUsed }, at) => cumulativeGasUsed === 21_000n * BigInt(at + 1)),
    lastInBlock: ways.at(-1) ?? 'none',
  };
}

async function balancesOf(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const rpc = rpcOf(network);
  const [sender, receiver] = [network.account(0), network.account(1)];
  const hash = network.transfer(0, sender, receiver.address, 5n);
  await network.executed(hash);
  await network.idle();
  const { block, entry } = await included(rpc.chain, hash);
  const { number } = block.block.header;
  const change = async (address: Address): Promise<bigint> => {
    const [after, before] = [await rpc.chain.account(address, number), await rpc.chain.account(address, number - 1n)];
    return after.balance - before.balance;
  };
  return {
    senderPaid: (await change(sender.address)) === -(5n + entry.gasUsed * entry.effectiveGasPrice),
    receiverGot: (await change(receiver.address)) === 5n,
    inFlight: Number(rpc.shards.supply().inFlight),
  };
}

/** On a network whose genesis lets chunks send calls to other shards. */
function dispatching(name: string, play: (network: TestNetwork) => Promise<Facts>): Scenario {
  return {
    name,
    run: async () => {
      const options = { ...PLAIN_NETWORK, ...TWO_SHARDS, validatorCount: EVERYONE.length };
      const network = await TestNetwork.create(options, { ...USUAL_TERMS, genesis: { dispatch: true } });
      try {
        return await play(network);
      } finally {
        await network.close();
      }
    },
  };
}

async function dispatched(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const rpc = rpcOf(network);
  const contract = await deployed(network, rpc, COUNTER);
  const [sender, receiver] = [network.account(1), network.account(0, 1)];
  const before = (await rpc.chain.account(receiver.address, network.height)).balance;
  const payment = network.transfer(0, sender, receiver.address, 6n);
  await network.executed(payment);
  const call = network.submit(0, { from: sender, to: contract, value: 0n, data: EMPTY_BYTES, gasLimit: 100_000n });
  await network.executed(call);
  await network.idle();
  const ways = await Promise.all([payment, call].map(async (hash) => (await rpc.shards.trace(hash))?.way));
  return {
    ways: ways.join(' '),
    gained: Number((await rpc.chain.account(receiver.address, network.height)).balance - before),
    counted: Number(await rpc.chain.storage(contract, 0n, network.height)),
  };
}

/** The contract on shard 0 asks for the balance of an account on shard 1: its shard alone can't tell. */
async function reachingFurther(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const rpc = rpcOf(network);
  const third = network.account(1, 2);
  const asking = `73${third.address.slice(2)}3100`;
  const contract = await deployed(network, rpc, deploying(asking));
  const sender = network.account(1);
  const before = (await rpc.chain.account(sender.address, network.height)).balance;
  const hash = network.submit(0, { from: sender, to: contract, value: 9n, data: EMPTY_BYTES, gasLimit: 100_000n });
  await network.executed(hash);
  await network.idle();
  const { entry } = await included(rpc.chain, hash);
  const after = (await rpc.chain.account(sender.address, network.height)).balance;
  return {
    status: entry.receipt.status,
    valueCameBack: before - after === entry.gasUsed * entry.effectiveGasPrice,
  };
}

/** What crosses shards, seen by those who ask one chain. */
export const SECTIONS: readonly Scenario[] = [
  scenario('a call across shards', TWO_SHARDS, callAcross),
  scenario('a block with all its parts', { ...TWO_SHARDS, blockTimeMs: 200 }, allParts),
  scenario('balances of a payment across shards', TWO_SHARDS, balancesOf),
  dispatching('dispatched payments and calls', dispatched),
  dispatching('a dispatched call that reaches further', reachingFurther),
];
