import { type BlockEnvironment, simulateCall, World } from '@heddle/execution';
import { bytesToHex, keccak256Hex } from '@heddle/primitives';
import type { Account, StateReader } from '@heddle/state';
import { EMPTY_TRIE_ROOT } from '@heddle/types';
import type { CallResult, Engine } from './engine.ts';
import type { Workload } from './workloads.ts';

/** More than any workload uses; below 2^53. */
const GAS = 1_000_000_000_000;

export const environment: BlockEnvironment = {
  chainId: 31_337n,
  number: 1n,
  timestamp: 1n,
  coinbase: `0x${'00'.repeat(20)}`,
  gasLimit: BigInt(GAS),
  baseFeePerGas: 0n,
  prevRandao: `0x${'00'.repeat(32)}`,
  blobBaseFee: 1n,
  blockHash: () => null,
};

/** Heddle's EVM, as eth_call uses it. */
export class HeddleEngine implements Engine {
  readonly name = 'heddle';

  measures(): boolean {
    return true;
  }

  call(workload: Workload): Promise<CallResult> {
    const { output, ms } = this.execute(workload);
    return Promise.resolve({ output, ms });
  }

  /** With the gas of the execution alone, by which all engines are measured. */
  execute(workload: Workload): CallResult & { readonly gas: number; readonly isSuccess: boolean } {
    const world = new World(readerOf(workload));
    world.beginIndex(1);
    const { caller, contract, data } = workload;
    const lists = { accessList: [], authorizationList: [] };
    const call = { from: caller, to: contract, data, value: 0n, gas: GAS, gasPrice: 0n, ...lists };
    const started = performance.now();
    const result = simulateCall(world, environment, call);
    const ms = performance.now() - started;
    const gas = result.gasUsedBeforeRefund - intrinsicGasOf(data);
    return { output: bytesToHex(result.returnData), ms, gas, isSuccess: result.status === 'success' };
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** 21,000 and the call data. */
function intrinsicGasOf(data: Uint8Array): number {
  let gas = 21_000;
  for (const byte of data) gas += byte === 0 ? 4 : 16;
  return gas;
}

function readerOf({ contract, code, storage }: Workload): StateReader {
  const account: Account = { nonce: 1n, balance: 0n, codeHash: keccak256Hex(code), storageRoot: EMPTY_TRIE_ROOT };
  return {
    account: (address) => (address === contract ? account : null),
    storage: (address, slot) => (address === contract ? (storage.get(slot) ?? 0n) : 0n),
    code: () => code,
  };
}
