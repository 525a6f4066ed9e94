import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { bigintToBytes, concatBytes, hexToBytes, keccak256, utf8ToBytes } from '@heddle/primitives';
import type { Address, RecoveredTransaction } from '@heddle/types';
import { executeTransaction, World } from '../../src/index.ts';
import { collectAccesses, RecordingReader } from '../../src/lanes/accesses.ts';
import { LaneState } from '../../src/lanes/lane-state.ts';
import { OriginRecorder, type SlotOrigin } from '../../src/lanes/origin-recorder.ts';
import type { AccessPredictor } from '../../src/lanes/predict/access-predictor.ts';
import type { Accesses } from '../../src/lanes/results.ts';
import { COINBASE, environment, testReader } from './evm-world.ts';
import { unsigned } from './unsigned.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/** What one transaction of a test did. */
export interface Execution {
  readonly transaction: RecoveredTransaction;
  readonly accesses: Accesses;
  readonly origins: ReadonlyMap<bigint, SlotOrigin>;
  readonly succeeded: boolean;
}

interface Call {
  readonly from: Address;
  readonly to: Address | null;
  readonly data?: Uint8Array;
  readonly value?: bigint;
  readonly gasLimit?: bigint;
}

/** Executes transactions one after the other as a lane does: each is recorded, none pays the coinbase. */
export class LearningChain {
  readonly #state: LaneState;

  constructor(rich: readonly Address[]) {
    this.#state = new LaneState(
      testReader(Object.fromEntries(rich.map((person) => [person, { balance: 10n ** 24n }]))),
    );
  }

  run({ from, gasLimit = 10_000_000n, ...rest }: Call): Execution {
    const nonce = this.#state.account(from)?.nonce ?? 0n;
    const transaction = unsigned({ sender: from, nonce, gasLimit, ...rest });
    const recorder = new OriginRecorder();
    const reader = new RecordingReader(this.#state);
    const world = new World(reader, recorder);
    world.beginIndex(0);
    const { outcome } = executeTransaction(world, environment, transaction);
    const accesses = collectAccesses(world, reader);
    const touched = accesses.touched.filter(({ address }) => address !== COINBASE);
    this.#state.apply(touched);
    return {
      transaction,
      accesses: { ...accesses, touched },
      origins: recorder.origins,
      succeeded: outcome.status === 1,
    };
  }

  /** Executes and expects success: what a test prepares must not fail unnoticed. */
  must(call: Call): Execution {
    const execution = this.run(call);
    if (!execution.succeeded) throw new Error(`the transaction to ${call.to} failed`);
    return execution;
  }

  /** The address of the new contract. */
  deploy(from: Address, bytecode: string, ...words: readonly Uint8Array[]): Address {
    const { accesses } = this.must({ from, to: null, data: concatBytes(hexToBytes(bytecode), ...words) });
    const created = accesses.touched.find(({ code }) => code !== null);
    if (created === undefined) throw new Error('nothing was created');
    return created.address;
  }
}

export function teach(predictor: AccessPredictor, { transaction, accesses, origins, succeeded }: Execution): void {
  predictor.learn(transaction, accesses, origins, succeeded);
}

/** What was touched without having been foretold, or changed without having been foretold as written. */
export function surprises(predictor: AccessPredictor, { transaction, accesses }: Execution): readonly string[] {
  const { accounts, slots } = predictor.predict(transaction);
  const foretold = new Map<string, boolean>();
  const add = (key: string, written: boolean): void => {
    foretold.set(key, written || (foretold.get(key) ?? false));
  };
  for (const { address, written } of accounts) add(address, written);
  for (const { address, slot, written } of slots) add(`${address}/${slot}`, written);
  return keysOf(accesses).flatMap(({ key, changed }) => {
    const written = foretold.get(key);
    if (written === undefined) return [`touches ${key}`];
    return changed && !written ? [`writes ${key}`] : [];
  });
}

function keysOf(accesses: Accesses): readonly { readonly key: string; readonly changed: boolean }[] {
  return accesses.touched.flatMap(({ address, before, after, slots }) => [
    {
      key: address,
      changed: before === null ? after.balance + after.nonce > 0n : before.balance !== after.balance,
    },
    ...slots.map((slot) => ({ key: `${address}/${slot.slot}`, changed: slot.before !== slot.after })),
  ]);
}

/** Init code of the contracts in test-fixtures, by name. In a plain process: the compiler is slow inside the test runner. */
export function compileContracts(): Readonly<Record<string, { readonly bytecode: string }>> {
  const script = join(ROOT, 'test-fixtures/contracts/compile.ts');
  const stdout = execFileSync(process.execPath, [script], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.toString('utf8'));
}

/** Call data of a function whose arguments are one word each. */
export function callData(signature: string, ...words: readonly (bigint | Address)[]): Uint8Array {
  const selector = keccak256(utf8ToBytes(signature)).subarray(0, 4);
  return concatBytes(selector, ...words.map((word) => bigintToBytes(BigInt(word), 32)));
}
