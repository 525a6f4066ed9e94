import { expect, test } from '@jest/globals';
import {
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hash,
  type Hex,
  parseAbi,
  parseEther,
  type TransactionReceipt,
} from 'viem';
import { compiledInitCode } from '../../support/compose/artifacts.ts';
import { at, type Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { deployToken } from '../../support/compose/token.ts';

const PURSE = parseAbi(['function pay(address[] to) payable']);
const KEEPER = parseAbi(['constructor()', 'function withdraw(address to)']);
/** Said, so that transactions of one block need no estimate on a state that is moving. */
const GAS = 1_000_000n;
/** Rounds of transactions that all users send at once. */
const ROUNDS = 6;

async function setUp(net: Network) {
  const purse = await compiledInitCode('Purse');
  return {
    net,
    keeper: encodeDeployData({ abi: KEEPER, bytecode: await compiledInitCode('Keeper') }),
    purses: [await net.deploy('purse', net.user(2), purse), await net.deploy('purse', net.user(7), purse)],
    token: await deployToken(net, net.user(5)),
  };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** A transaction, and what it moves apart from its fee when it succeeds. */
interface Move {
  readonly what: string;
  readonly to: Hex | null;
  readonly data: Hex;
  readonly value: bigint;
  readonly fails: boolean;
  /** Wei that each address gets of it; the sender is not meant. */
  readonly gains: ReadonlyMap<Hex, bigint>;
}

function lower(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase()}`;
}

function move(what: string, parts: Partial<Move>): Move {
  return { what, to: null, data: '0x', value: 0n, fails: false, gains: new Map(), ...parts };
}

/** One of each kind, by this user with this nonce. */
function movesOf({ net, keeper, purses, token }: World, user: number, nonce: number, value: bigint): readonly Move[] {
  const others = [1, 3, 5].map((step) => lower(net.user((user + step) % 8).address));
  const [one, other, third] = [at(others, 0), at(others, 1), at(others, 2)];
  const pay = encodeFunctionData({ abi: PURSE, functionName: 'pay', args: [[one, other]] });
  const purse = at(purses, user % 2);
  const created = lower(getContractAddress({ from: net.user(user).address, nonce: BigInt(nonce) + 4n }));
  return [
    move('transfer', { to: third, value, gains: new Map([[third, value]]) }),
    move('payment by a contract', {
      to: purse,
      data: pay,
      value: 2n * value,
      gains: new Map([
        [one, value],
        [other, value],
      ]),
    }),
    move('value to a token, which takes none', { to: token.address, value, fails: true }),
    move('approval', {
      to: token.address,
      data: encodeFunctionData({ abi: token.abi, functionName: 'approve', args: [one, value] }),
    }),
    move('creation with value', { data: keeper, value: 3n * value, gains: new Map([[created, 3n * value]]) }),
    move('withdrawal from what was created', {
      to: created,
      data: encodeFunctionData({ abi: KEEPER, functionName: 'withdraw', args: [other] }),
      gains: new Map([
        [other, 3n * value],
        [created, -3n * value],
      ]),
    }),
  ];
}

function sendMove({ net }: World, user: number, { to, data, value }: Move, nonce: number): Promise<Hash> {
  return net.writer.sendTransaction({ account: net.user(user), to, data, value, nonce, gas: GAS });
}

/** Adds what a transaction does to the balances of everyone, by its receipt. */
function addTo(
  changes: Map<Hex, bigint>,
  sender: Hex,
  { value, fails, gains }: Move,
  receipt: TransactionReceipt,
): void {
  const add = (address: Hex, wei: bigint): unknown => changes.set(address, (changes.get(address) ?? 0n) + wei);
  add(sender, -receipt.gasUsed * receipt.effectiveGasPrice);
  if (fails) return;
  add(sender, -value);
  for (const [address, wei] of gains) add(address, wei);
}

/** What the balances of these addresses changed by in one block. */
async function changesIn(net: Network, block: bigint, addresses: readonly Hex[]): Promise<ReadonlyMap<Hex, bigint>> {
  const changes = addresses.map(async (address): Promise<[Hex, bigint]> => {
    const before = await net.reader.getBalance({ address, blockNumber: block - 1n });
    return [address, (await net.reader.getBalance({ address, blockNumber: block })) - before];
  });
  return new Map(await Promise.all(changes));
}

onEveryNetwork(setUp, (world) => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])("user %i, alone: every change is in the receipt's block", async (user) => {
    const { net } = world();
    const sender = lower(net.user(user).address);
    const first = await net.reader.getTransactionCount({ address: sender });
    for (const [i, each] of movesOf(world(), user, first, parseEther('0.01')).entries()) {
      const sent = sendMove(world(), user, each, first + i);
      const receipt = each.fails ? await net.reverted(each.what, sent) : await net.mined(each.what, sent);
      const expected = new Map<Hex, bigint>();
      addTo(expected, sender, each, receipt);
      expect(await changesIn(net, receipt.blockNumber, [...expected.keys()])).toEqual(expected);
    }
  });

  test('all users at once: the changes of a block are the sum of its receipts', async () => {
    const { net } = world();
    const users = net.users.map(({ address }) => lower(address));
    const pending: { readonly user: number; readonly each: Move; readonly hash: Promise<Hash> }[] = [];
    for (const [user, address] of users.entries()) {
      const first = await net.reader.getTransactionCount({ address });
      for (let round = 0; round < ROUNDS; round++) {
        const nonce = first + round;
        const value = BigInt(1_000 * (user + 1) + round);
        const [transfer, payment] = movesOf(world(), user, nonce, value);
        const each = round % 2 === 0 ? transfer : payment;
        if (each !== undefined) pending.push({ user, each, hash: sendMove(world(), user, each, nonce) });
      }
    }
    const blocks = new Map<bigint, Map<Hex, bigint>>();
    for (const { user, each, hash } of pending) {
      const receipt = await net.mined(each.what, hash);
      const changes = blocks.get(receipt.blockNumber) ?? new Map<Hex, bigint>(users.map((address) => [address, 0n]));
      addTo(changes, at(users, user), each, receipt);
      blocks.set(receipt.blockNumber, changes);
    }
    for (const [block, expected] of blocks) {
      expect(await changesIn(net, block, [...expected.keys()])).toEqual(expected);
    }
    expect(pending).toHaveLength(users.length * ROUNDS);
  });
});
