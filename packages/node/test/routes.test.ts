import { keccak256Hex } from '@heddle/primitives';
import { directorySlot, encodeDirectoryWord, home } from '@heddle/sharding';
import { genesisLayer, type StateReader } from '@heddle/state';
import {
  type Address,
  DIRECTORY_ADDRESS,
  EMPTY_CODE_HASH,
  encodeImpersonated,
  type RecoveredTransaction,
  signTransaction,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { type Route, Routes, type RouteView } from '../src/pool/routes.ts';
import { testAccounts } from './support/network.ts';
import { ordered } from './support/section-bench.ts';

const SHARDS = 2;
const CODE = Uint8Array.of(0x00);
const PLAIN = { nonce: 0n, balance: 1n, codeHash: EMPTY_CODE_HASH };
const CONTRACT = { nonce: 1n, balance: 0n, codeHash: keccak256Hex(CODE) };
const SECTION_FEE = 7n;
const [SENDER] = testAccounts(SHARDS);
if (SENDER === undefined) throw new Error('there are accounts');
const HOME = SENDER.shard;

function addressAt(shard: number, from: bigint): Address {
  for (let i = from; ; i++) {
    const address: Address = `0x${i.toString(16).padStart(40, '0')}`;
    if (home(address, SHARDS) === shard) return address;
  }
}

const NEIGHBOUR = addressAt(HOME, 0x10_000n);
const FAR = addressAt(1 - HOME, 0x20_000n);
const NEAR_CONTRACT = addressAt(HOME, 0x30_000n);
const SAME_CODE = addressAt(HOME, 0x40_000n);
/** Its home is the sender's, but it resides on the other shard. */
const EXPATRIATE = addressAt(HOME, 0x50_000n);

function stateOf(shard: number): StateReader {
  const near = new Map([NEIGHBOUR, NEAR_CONTRACT, SAME_CODE].map((at) => [at, at === NEIGHBOUR ? PLAIN : CONTRACT]));
  const accounts = new Map([
    [DIRECTORY_ADDRESS, CONTRACT],
    ...(shard === HOME ? near : [[EXPATRIATE, CONTRACT] as const]),
  ]);
  const listed = new Map([[directorySlot(EXPATRIATE), encodeDirectoryWord(1 - HOME, SHARDS)]]);
  return genesisLayer({
    accounts,
    storage: new Map([[DIRECTORY_ADDRESS, listed]]),
    codes: new Map([[CONTRACT.codeHash, CODE]]),
  });
}

const states = [stateOf(0), stateOf(1)];
const VIEW: RouteView = { states, sectionBaseFee: SECTION_FEE };

function call(to: Address | null, data: readonly number[] = [1, 2, 3, 4], maxFeePerGas = 100n): RecoveredTransaction {
  if (SENDER === undefined) throw new Error('there are accounts');
  return signTransaction(
    {
      type: 2,
      chainId: 31_337n,
      nonce: 0n,
      maxFeePerGas,
      maxPriorityFeePerGas: 0n,
      gasLimit: 100_000n,
      to,
      value: 0n,
      data: Uint8Array.from(data),
      accessList: [],
    },
    SENDER.privateKey,
  );
}

function routeIn(routes: Routes, transaction: RecoveredTransaction): Route {
  return routes.routeOf(transaction, VIEW);
}

/** What a section teaches of the transaction. */
function learn(routes: Routes, transaction: RecoveredTransaction, isLocal: boolean): void {
  const receipt = { type: 2, status: 1, cumulativeGasUsed: 1n, logsBloom: new Uint8Array(256), logs: [] } as const;
  const facts = { gasUsed: 1n, effectiveGasPrice: 1n, contractAddress: null, deliveredBy: null };
  routes.learn([{ transaction, receipt, ...facts, isLocal }], states);
}

const usual = (): Routes => new Routes({ shardCount: SHARDS, dispatch: false });

describe('the way of a transaction', () => {
  test.each<[string, Route, RecoveredTransaction]>([
    ['to an account without code at home', 'chunk', call(NEIGHBOUR)],
    ['to itself', 'chunk', ordered(SENDER, {})],
    ['to an account of another shard', 'section', call(FAR)],
    ['to a contract at home that nothing is known of', 'section', call(NEAR_CONTRACT)],
    ['to a contract that is listed elsewhere', 'section', call(EXPATRIATE)],
    ['that creates', 'section', call(null)],
  ])('%s: %s', (_name, way, transaction) => {
    expect(routeIn(usual(), transaction)).toBe(way);
  });

  test('an impersonated contract goes where its account is: the section, if that is not at home', () => {
    const sentBy = (sender: Address): RecoveredTransaction => {
      const { fields } = call(NEIGHBOUR, []);
      if (fields.type !== 2) throw new Error('a call is of type 2');
      return encodeImpersonated(fields, sender);
    };
    expect(routeIn(usual(), sentBy(NEAR_CONTRACT))).toBe('chunk');
    expect(routeIn(usual(), sentBy(EXPATRIATE))).toBe('section');
    const dispatching = new Routes({ shardCount: SHARDS, dispatch: true });
    expect(routeIn(dispatching, sentBy(EXPATRIATE))).toBe('section');
  });

  test('with one shard there is none but the chunk', () => {
    const routes = new Routes({ shardCount: 1, dispatch: false });
    const view = { states: [stateOf(HOME)], sectionBaseFee: 0n };
    for (const to of [NEAR_CONTRACT, FAR, null]) expect(routes.routeOf(call(to), view)).toBe('chunk');
  });

  test('where messages are sent, what goes to another shard begins in the chunk; a delegation and a creation do not', () => {
    const routes = new Routes({ shardCount: SHARDS, dispatch: true });
    expect([FAR, EXPATRIATE, null].map((to) => routeIn(routes, call(to)))).toEqual(['chunk', 'chunk', 'section']);
    expect(routeIn(routes, delegation())).toBe('section');
  });

  test('a delegation goes to the section, whomever it calls', () => {
    expect(routeIn(usual(), delegation())).toBe('section');
  });
});

describe('what is learned', () => {
  test('a kind that stayed on its shard is local from then on, at every contract of that code', () => {
    const routes = usual();
    learn(routes, call(NEAR_CONTRACT), true);
    expect(routeIn(routes, call(NEAR_CONTRACT))).toBe('chunk');
    expect(routeIn(routes, call(NEAR_CONTRACT, [1, 2, 3, 4, 5, 6]))).toBe('chunk');
    expect(routeIn(routes, call(SAME_CODE))).toBe('chunk');
    expect(routeIn(routes, call(NEAR_CONTRACT, [9, 9, 9, 9]))).toBe('section');
  });

  test('a wrong guess makes it unknown again, and so does a section that saw it leave', () => {
    const routes = usual();
    learn(routes, call(NEAR_CONTRACT), true);
    routes.mistaken(call(SAME_CODE), states);
    expect(routeIn(routes, call(NEAR_CONTRACT))).toBe('section');
    learn(routes, call(NEAR_CONTRACT), true);
    learn(routes, call(SAME_CODE), false);
    expect(routeIn(routes, call(NEAR_CONTRACT))).toBe('section');
  });

  test('who could not pay for the section is not tried locally; a plain transfer needs no such means', () => {
    const routes = usual();
    learn(routes, call(NEAR_CONTRACT), true);
    expect(routeIn(routes, call(NEAR_CONTRACT, [1, 2, 3, 4], SECTION_FEE))).toBe('chunk');
    expect(routeIn(routes, call(NEAR_CONTRACT, [1, 2, 3, 4], SECTION_FEE - 1n))).toBe('section');
    expect(routeIn(routes, call(NEIGHBOUR, [], 0n))).toBe('chunk');
  });

  test('nothing, from transfers and from what resides elsewhere', () => {
    const routes = usual();
    for (const to of [FAR, EXPATRIATE, NEIGHBOUR]) learn(routes, call(to), true);
    expect([FAR, EXPATRIATE, NEAR_CONTRACT].map((to) => routeIn(routes, call(to)))).toEqual(Array(3).fill('section'));
  });
});

function delegation(): RecoveredTransaction {
  if (SENDER === undefined) throw new Error('there are accounts');
  // Whoever signed it: the way does not depend on it.
  const authorization = { chainId: 31_337n, address: NEIGHBOUR, nonce: 1n, yParity: 0, r: 1n, s: 1n } as const;
  const fees = { maxFeePerGas: 100n, maxPriorityFeePerGas: 0n, gasLimit: 100_000n };
  const rest = { to: NEIGHBOUR, value: 0n, data: new Uint8Array(), accessList: [] };
  return signTransaction(
    { type: 4, chainId: 31_337n, nonce: 0n, ...fees, ...rest, authorizationList: [authorization] },
    SENDER.privateKey,
  );
}
