import { createBlock } from '@ethereumjs/block';
import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { createLegacyTx } from '@ethereumjs/tx';
import { createAccount, createAddressFromString } from '@ethereumjs/util';
import { createVM, runTx } from '@ethereumjs/vm';
import { bigintToBytes, hexToBytes } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { environment, type TestState } from './traced-call.ts';

/** What both say alike of a step before it runs. */
export interface Step {
  readonly pc: number;
  readonly op: string;
  readonly gas: number;
  readonly depth: number;
  readonly stack: readonly string[];
}

export interface OracleStep extends Step {
  /** Without the gas that a call hands on. */
  readonly cost: number;
}

/** Each step of a transaction by `sender`, whose nonce is 0, as `@ethereumjs/vm` runs it. Fees are none. */
export async function ethereumjsSteps(
  state: TestState,
  call: { readonly sender: Address; readonly to: Address; readonly data: Uint8Array; readonly gas: number },
): Promise<readonly OracleStep[]> {
  const common = new Common({ chain: { ...Mainnet, chainId: 31_337 }, hardfork: Hardfork.Osaka });
  const vm = await createVM({ common });
  for (const [address, { balance = 0n, nonce = 0n, code = '0x', storage = {} }] of Object.entries(state)) {
    const target = createAddressFromString(address);
    await vm.stateManager.putAccount(target, createAccount({ balance, nonce }));
    if (code !== '0x') await vm.stateManager.putCode(target, hexToBytes(code));
    for (const [slot, value] of Object.entries(storage)) {
      const word = hexToBytes(`0x${value.toString(16).padStart(2, '0')}`);
      await vm.stateManager.putStorage(target, bigintToBytes(BigInt(slot), 32), word);
    }
  }
  const steps: OracleStep[] = [];
  vm.evm.events?.on('step', ({ pc, opcode, gasLeft, depth, stack }) => {
    const { name, fee, dynamicFee } = opcode;
    steps.push({
      pc,
      op: name,
      gas: Number(gasLeft),
      depth: depth + 1,
      stack: stack.map((word) => `0x${word.toString(16)}`),
      // It has the constant part in it.
      cost: Number(dynamicFee ?? fee),
    });
  });
  const header = {
    number: environment.number,
    timestamp: environment.timestamp,
    gasLimit: environment.gasLimit,
    baseFeePerGas: 0n,
    coinbase: createAddressFromString(environment.coinbase),
    mixHash: hexToBytes(environment.prevRandao),
    difficulty: 0n,
  };
  const block = createBlock({ header }, { common, skipConsensusFormatValidation: true });
  const fields = { to: createAddressFromString(call.to), data: call.data, gasLimit: call.gas, gasPrice: 0 };
  const from = createAddressFromString(call.sender);
  // Nobody signs it: the sender is a test's.
  const unsigned = createLegacyTx(fields, { common, freeze: false });
  const tx = Object.assign(unsigned, { getSenderAddress: () => from, isSigned: () => true, isValid: () => true });
  await runTx(vm, { tx, block, skipBalance: true });
  return steps;
}
