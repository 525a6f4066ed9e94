import { bytesToHex, keccak256Hex } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import type { Frame } from '../src/evm/frame.ts';
import { interpret } from '../src/evm/interpreter.ts';
import type { Machine } from '../src/evm/machine.ts';
import { NO_OBSERVER } from '../src/evm/observer.ts';
import { codeTarget, openCall } from '../src/evm/open-frame.ts';
import { runFrames } from '../src/evm/run-frames.ts';
import { interpretByStep } from '../src/evm/step.ts';
import { World } from '../src/index.ts';
import { numbered } from './random-block.ts';

/** The first run steps through blocks, the second decodes them, the third finds them decoded. */
const RUNS = 3;
const CALLER = numbered(0xca11e4);

/** A call, and the code that it meets. */
export interface InterpreterCase {
  readonly codes: ReadonlyMap<Address, Uint8Array>;
  readonly to: Address;
  readonly input: Uint8Array;
  readonly gas: number;
  readonly isStatic: boolean;
}

export interface InterpreterComparison {
  /** By single steps: how the outermost frame ended, and all that shows, as text. */
  readonly ending: string;
  readonly expected: string;
  /** Of the runs by blocks. */
  readonly differences: readonly string[];
}

/** Runs the call by single steps, and by blocks until they are decoded. */
export function compareInterpreters(test: InterpreterCase): InterpreterComparison {
  const { ending, shown: expected } = run(test, interpretByStep);
  const differences: string[] = [];
  for (let attempt = 1; attempt <= RUNS; attempt++) {
    const actual = run(test, interpret).shown;
    if (actual !== expected) differences.push(`run ${attempt}: ${actual}, by steps ${expected}`);
  }
  return { ending, expected, differences };
}

function readerOf(codes: ReadonlyMap<Address, Uint8Array>): StateReader {
  const byHash = new Map([...codes.values()].map((code) => [keccak256Hex(code), code]));
  return {
    account: (address) => {
      const code = codes.get(address);
      if (code === undefined) return null;
      return { nonce: 1n, balance: 1_000n, codeHash: keccak256Hex(code), storageRoot: EMPTY_TRIE_ROOT };
    },
    storage: (_address, slot) => (slot < 3n ? slot + 1n : 0n),
    code: (codeHash) => byHash.get(codeHash) ?? new Uint8Array(0),
  };
}

function run(test: InterpreterCase, interpreter: (frame: Frame) => void): { ending: string; shown: string } {
  const world = new World(readerOf(test.codes));
  world.beginIndex(1);
  const machine: Machine = { ...machineParts(), world, observer: NO_OBSERVER, run: interpreter };
  const account = world.account(test.to);
  const frame = openCall({
    machine,
    parent: null,
    kind: 'CALL',
    codeAddress: account.address,
    account,
    caller: CALLER,
    value: 0n,
    valueMode: 'none',
    input: test.input,
    target: codeTarget(machine, account),
    gas: test.gas,
    isStatic: test.isStatic,
    outputOffset: 0,
    outputLength: 0,
  });
  runFrames(frame);
  const { status, haltReason, gas, output } = frame;
  const { accounts, storage, codes } = world.changes();
  const changes = [[...accounts], [...storage].map(([address, words]) => [address, [...words]]), [...codes]];
  const shown = JSON.stringify(
    { status, haltReason, gas, output, refund: world.refund, logs: world.logs, list: world.accessList(), changes },
    (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? bytesToHex(value) : value,
  );
  return { ending: haltReason ?? status, shown };
}

function machineParts(): Omit<Machine, 'world' | 'observer' | 'run'> {
  const environment = {
    chainId: 1n,
    number: 300n,
    timestamp: 1_000n,
    coinbase: numbered(0xc01bbace),
    gasLimit: 60_000_000n,
    baseFeePerGas: 7n,
    prevRandao: EMPTY_TRIE_ROOT,
    blobBaseFee: 1n,
    blockHash: () => EMPTY_CODE_HASH,
  };
  return { environment, origin: CALLER, gasPrice: 9n, blobHashes: [] };
}
