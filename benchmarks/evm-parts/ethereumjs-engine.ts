import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { createEVM, type EVM } from '@ethereumjs/evm';
import { createAddressFromString, setLengthLeft } from '@ethereumjs/util';
import { bigintToBytes, bytesToHex } from '@heddle/primitives';
import type { CallResult, Engine } from './engine.ts';
import type { Workload } from './workloads.ts';

const GAS = 1_000_000_000_000n;

/** The interpreter of `@ethereumjs/evm` on its own simple state. */
export class EthereumjsEngine implements Engine {
  readonly name = 'ethereumjs';

  measures(): boolean {
    return true;
  }

  async call(workload: Workload): Promise<CallResult> {
    const evm = await prepare(workload);
    const call = {
      caller: createAddressFromString(workload.caller),
      to: createAddressFromString(workload.contract),
      data: workload.data,
      gasLimit: GAS,
    };
    const started = performance.now();
    const { execResult } = await evm.runCall(call);
    return { ms: performance.now() - started, output: bytesToHex(execResult.returnValue) };
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

async function prepare({ contract, code, storage }: Workload): Promise<EVM> {
  const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }) });
  const address = createAddressFromString(contract);
  await evm.stateManager.putCode(address, code);
  for (const [slot, value] of storage) {
    await evm.stateManager.putStorage(address, setLengthLeft(bigintToBytes(slot, 32), 32), bigintToBytes(value, 32));
  }
  return evm;
}
