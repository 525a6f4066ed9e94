import { bytesToHex, keccak256Hex } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import type { Frame } from '../src/evm/frame.ts';
import type { Machine } from '../src/evm/machine.ts';
import { NO_OBSERVER, UNBOUNDED } from '../src/evm/observer.ts';
import { codeTarget, openCall } from '../src/evm/open-frame.ts';
import { runFrames } from '../src/evm/run-frames.ts';
import { interpretByStep } from '../src/evm/step.ts';
import { boundWork, UNWATCHED, type Watch, WorkBoundError, World } from '../src/index.ts';
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
  /** Whether it was done within the gas that it used; it is not where it calls a precompile, for one. */
  readonly isDoneWithin: boolean;
}

/** Runs the call by single steps, and by blocks until they are decoded. */
export function compareInterpreters(test: InterpreterCase): InterpreterComparison {
  const { ending, gasUsed, shown: expected } = run(test, watchBy(interpretByStep));
  const differences: string[] = [];
  for (let attempt = 1; attempt <= RUNS; attempt++) {
    const actual = run(test, UNWATCHED).shown;
    if (actual !== expected) differences.push(`run ${attempt}: ${actual}, by steps ${expected}`);
  }
  const within = runBounded(test, gasUsed);
  if (within !== null && within !== expected) differences.push(`within its gas: ${within}, by steps ${expected}`);
  // A halt takes gas that nothing was done for.
  const hasWorked = gasUsed > 0 && (ending === 'returned' || ending === 'reverted');
  if (hasWorked && runBounded(test, gasUsed - 1) !== null) differences.push('it did more work than it was allowed');
  return { ending, expected, differences, isDoneWithin: within !== null };
}

function watchBy(interpreter: (frame: Frame) => void): Watch {
  return { observer: NO_OBSERVER, workGas: UNBOUNDED, run: interpreter };
}

/** Null if it needs more. */
function runBounded(test: InterpreterCase, workGas: number): string | null {
  try {
    return run(test, boundWork(UNWATCHED, workGas)).shown;
  } catch (error) {
    if (error instanceof WorkBoundError) return null;
    throw error;
  }
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

function run(test: InterpreterCase, watch: Watch): { ending: string; gasUsed: number; shown: string } {
  const world = new World(readerOf(test.codes));
  world.beginIndex(1);
  const machine: Machine = { ...machineParts(), ...watch, world };
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
  return { ending: haltReason ?? status, gasUsed: test.gas - gas, shown };
}

function machineParts(): Omit<Machine, 'world' | keyof Watch> {
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
