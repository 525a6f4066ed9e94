import { existsSync, readFileSync } from 'node:fs';
import { bigintToBytes, bytesToBigint, concatBytes, type Hex, hexToBytes, isHex, keccak256 } from '@heddle/primitives';

/** Bytecode and call data that this repository does not hold (see the README beside them). */
const FOLDER = new URL('../../../shared/bench/', import.meta.url);
const STATE_TESTS = ['snailtracer', 'hash_10k', 'erc20_transfer', 'weth', 'uniswap_v2_pair'] as const;
/** Iterations that take some tens of milliseconds. */
const LOOPS = { arith: 300_000n, kec: 50_000n, sto: 50_000n } as const;
const CALLER: Hex = '0x1111111111111111111111111111111111111111';
const CONTRACT: Hex = '0xcccccccccccccccccccccccccccccccccccccccc';

/** One call of one contract. */
export interface Workload {
  readonly name: string;
  readonly caller: Hex;
  readonly contract: Hex;
  readonly code: Uint8Array;
  readonly storage: ReadonlyMap<bigint, bigint>;
  readonly data: Uint8Array;
}

/** All that are there; `null` when the folder is not. */
export function readWorkloads(): readonly Workload[] | null {
  if (!existsSync(FOLDER)) return null;
  const contracts = readJson('art.json');
  const loop = bytesAt(contracts, 'Loop', 'code');
  const loops = Object.entries(LOOPS).map(([method, count]) => ({
    ...shell(`Loop.${method}`, loop),
    data: concatBytes(selector(`${method}(uint256)`), bigintToBytes(count, 32)),
  }));
  return [...STATE_TESTS.map(readStateTest), ...loops, tokenTransfer(bytesAt(contracts, 'Tok', 'code'))];
}

/** A transfer of one unit of the ERC-20 token of Tok.sol. */
function tokenTransfer(code: Uint8Array): Workload {
  const data = transferData(`0x${'22'.repeat(20)}`, 1n);
  return { ...shell('Tok.transfer', code), storage: new Map([[balanceSlot(CALLER), 10n ** 24n]]), data };
}

export function transferData(to: Hex, amount: bigint): Uint8Array {
  const recipient = concatBytes(new Uint8Array(12), hexToBytes(to));
  return concatBytes(selector('transfer(address,uint256)'), recipient, bigintToBytes(amount, 32));
}

/** Where OpenZeppelin's ERC20 keeps a balance: the mapping is its first variable. */
export function balanceSlot(owner: Hex): bigint {
  return bytesToBigint(keccak256(concatBytes(new Uint8Array(12), hexToBytes(owner), new Uint8Array(32))));
}

function shell(name: string, code: Uint8Array): Omit<Workload, 'data'> {
  return { name, caller: CALLER, contract: CONTRACT, code, storage: new Map() };
}

function selector(signature: string): Uint8Array {
  return keccak256(new TextEncoder().encode(signature)).subarray(0, 4);
}

/** The account that is called and what it is called with, out of a state test. */
function readStateTest(name: string): Workload {
  const test = readJson(`${name}.json`);
  const account = at(test, name, 'pre', CONTRACT);
  const words = Object.entries(record(at(account, 'storage')));
  const storage = new Map(words.map(([slot, value]) => [BigInt(slot), BigInt(String(value))]));
  const data = hexToBytes(hex(at(test, name, 'transaction', '0', 'data')));
  return { ...shell(name, bytesAt(account, 'code')), storage, data };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    found = record(found)[key];
  }
  return found;
}

function bytesAt(value: unknown, ...path: readonly string[]): Uint8Array {
  return hexToBytes(hex(at(value, ...path)));
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('a workload has another form than expected');
  return Object.fromEntries(Object.entries(value));
}

function hex(value: unknown): Hex {
  if (typeof value !== 'string' || !isHex(value)) throw new Error('a workload has another form than expected');
  return value;
}
