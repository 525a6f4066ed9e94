import { randomBytes } from 'node:crypto';
import { bytesToHex } from '@heddle/primitives';
import { RefusedError } from '../../errors.ts';
import type { TipOracle } from '../../fees/suggested-tip.ts';
import { quantity } from '../../format/quantity.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import { parseAddress, parseHash } from '../../parse/hex.ts';
import { parseAmount, parseBoolean, parseSeconds } from '../../parse/scalars.ts';
import type { DevnetControl, RpcBackend } from '../../ports.ts';
import type { Method, MethodTable } from '../../protocol/method.ts';
import { controlMethod } from '../../protocol/method.ts';
import { operationMethod } from './operation-method.ts';

/** What blocks to come are like, and what tools ask to find out what they talk to. */
export function chainControlMethods(devnet: DevnetControl, backend: RpcBackend, tips: TipOracle): MethodTable {
  const { chain } = backend;
  const instanceId = bytesToHex(randomBytes(32));
  const setBaseFee = operationMethod(
    devnet,
    1,
    (params) => ({ kind: 'nextBaseFee', value: params.required(0, parseAmount) }),
    null,
  );
  const setPrevRandao = operationMethod(
    devnet,
    1,
    (params) => ({ kind: 'nextPrevRandao', value: params.required(0, parseHash) }),
    null,
  );
  const setGasLimit = operationMethod(
    devnet,
    1,
    (params) => ({ kind: 'gasLimit', value: params.required(0, parseAmount) }),
    true,
  );
  const setCoinbase = controlMethod(1, (params) => {
    devnet.setCoinbase(params.required(0, parseAddress));
    return null;
  });
  // What a request logs is the log level's business; tools switch it off around what they do themselves.
  const setLogging = controlMethod(1, (params) => {
    params.required(0, parseBoolean);
    return null;
  });
  const metadata = controlMethod(0, () => metadataOf(backend, instanceId));
  return {
    anvil_setNextBlockBaseFeePerGas: setBaseFee,
    hardhat_setNextBlockBaseFeePerGas: setBaseFee,
    anvil_setPrevRandao: setPrevRandao,
    hardhat_setPrevRandao: setPrevRandao,
    evm_setBlockGasLimit: setGasLimit,
    anvil_setBlockGasLimit: setGasLimit,
    hardhat_setBlockGasLimit: setGasLimit,
    anvil_setCoinbase: setCoinbase,
    hardhat_setCoinbase: setCoinbase,
    anvil_setLoggingEnabled: setLogging,
    hardhat_setLoggingEnabled: setLogging,
    // Any transaction can be traced at any time.
    anvil_enableTraces: controlMethod(0, () => null),
    anvil_setChainId: controlMethod(1, (params) => {
      if (params.required(0, parseSeconds) === chain.chainId) return null;
      throw new RefusedError(
        `the chain ID is ${chain.chainId} for good: genesis and all that validators sign name it; start a devnet with --chain-id`,
      );
    }),
    ...refusedMethods(),
    anvil_metadata: metadata,
    hardhat_metadata: metadata,
    anvil_nodeInfo: controlMethod(0, () => nodeInfo(backend, tips)),
    // Hardhat's own traces of Solidity: the compiler's output is not kept.
    hardhat_addCompilationResult: controlMethod(3, () => false),
    hardhat_getStackTraceFailuresCount: controlMethod(0, () => 0),
  };
}

/** Each is understood, and can't be had. */
function refusedMethods(): MethodTable {
  const setMinGasPrice = (name: string): Method =>
    controlMethod(1, () => {
      throw new RefusedError(`${name} is not supported when EIP-1559 is active`);
    });
  return {
    anvil_setMinGasPrice: setMinGasPrice('anvil_setMinGasPrice'),
    hardhat_setMinGasPrice: setMinGasPrice('hardhat_setMinGasPrice'),
    anvil_setRpcUrl: controlMethod(1, () => {
      throw new RefusedError(
        'there is no forking: every validator has to have the same state, and another chain moves on',
      );
    }),
  };
}

/** What Hardhat's tools ask. */
function metadataOf({ chain, clientVersion }: RpcBackend, instanceId: string): JsonObject {
  const head = chain.head();
  return {
    clientVersion,
    chainId: Number(chain.chainId),
    instanceId,
    latestBlockNumber: Number(head.block.header.number),
    latestBlockHash: head.hash,
  };
}

/** The same for Foundry's. */
async function nodeInfo({ chain }: RpcBackend, tips: TipOracle): Promise<JsonValue> {
  const { block, hash } = chain.head();
  const baseFee = chain.nextBaseFee();
  return {
    currentBlockNumber: quantity(block.header.number),
    currentBlockTimestamp: Number(block.header.timestamp),
    currentBlockHash: hash,
    hardFork: 'osaka',
    transactionOrder: 'fees',
    environment: {
      baseFee: quantity(baseFee),
      chainId: Number(chain.chainId),
      gasLimit: quantity(block.header.gasLimit),
      gasPrice: quantity(baseFee + (await tips.suggestedTip())),
    },
    forkConfig: { forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null },
  };
}
