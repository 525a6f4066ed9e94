import { randomBytes } from 'node:crypto';
import { bytesToHex } from '@heddle/primitives';
import { headNumber } from '../chain/resolve.ts';
import { BadValueError, MethodUnavailableError } from '../errors.ts';
import type { TipOracle } from '../fees/suggested-tip.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import { MAX_MINED_BLOCKS } from '../limits.ts';
import { optionalField } from '../parse/fields.ts';
import { parseCount } from '../parse/scalars.ts';
import type { DevnetControl, RpcBackend } from '../ports.ts';
import type { Method, MethodTable } from '../protocol/method.ts';
import { controlMethod } from '../protocol/method.ts';

/** Controls of a devnet; on any other network these methods do not exist. */
export function devnetControlMethods(backend: RpcBackend, tips: TipOracle): MethodTable {
  const { devnet } = backend;
  if (devnet === null) return {};
  const instanceId = bytesToHex(randomBytes(32));
  return {
    evm_mine: controlMethod(1, async (params) => {
      await devnet.mine(params.optional(0, parseMineRequest, 1));
      return '0x0';
    }),
    hardhat_mine: mineMethod(devnet),
    anvil_mine: mineMethod(devnet),
    hardhat_metadata: controlMethod(0, () => metadata(backend, instanceId)),
    anvil_nodeInfo: controlMethod(0, () => nodeInfo(backend, tips)),
    heddle_stopValidator: validatorSwitch('heddle_stopValidator', devnet, (index) => devnet.stopValidator(index)),
    heddle_startValidator: validatorSwitch('heddle_startValidator', devnet, (index) => devnet.startValidator(index)),
  };
}

/** Ganache and anvil take {blocks}, and a timestamp, which this devnet can't set: its time is its validators'. */
function parseMineRequest(value: unknown): number {
  if (!isUncheckedObject(value)) throw new BadValueError('the time of a block cannot be set; want no argument');
  if ((ownMember(value, 'timestamp') ?? null) !== null) throw new BadValueError('the time of a block cannot be set');
  return optionalField(value, 'blocks', parseBlockCount, 1);
}

function mineMethod(devnet: DevnetControl): Method {
  return controlMethod(2, async (params) => {
    const count = params.optional(0, parseBlockCount, 1);
    params.optional(1, parseInterval, 0);
    await devnet.mine(count);
    return null;
  });
}

function parseBlockCount(value: unknown): number {
  const count = parseCount(value);
  if (count < 1 || count > MAX_MINED_BLOCKS) throw new BadValueError(`want 1 to ${MAX_MINED_BLOCKS} blocks`);
  return count;
}

function parseInterval(value: unknown): number {
  const seconds = parseCount(value);
  if (seconds > 1) throw new BadValueError('the time between blocks cannot be set');
  return seconds;
}

/** What Hardhat's tools ask to find out what they talk to. */
function metadata({ chain, clientVersion }: RpcBackend, instanceId: string): JsonObject {
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
  const head = chain.head();
  const baseFee = chain.nextBaseFee();
  return {
    currentBlockNumber: quantity(headNumber(chain)),
    currentBlockTimestamp: Number(head.block.header.timestamp),
    currentBlockHash: head.hash,
    hardFork: 'osaka',
    transactionOrder: 'fees',
    environment: {
      baseFee: quantity(baseFee),
      chainId: Number(chain.chainId),
      gasLimit: quantity(head.block.header.gasLimit),
      gasPrice: quantity(baseFee + (await tips.suggestedTip())),
    },
    forkConfig: { forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null },
  };
}

/** Fault switches: whoever may reach the port from elsewhere must not be able to stop a validator. */
function validatorSwitch(
  name: string,
  { validatorCount }: DevnetControl,
  control: (index: number) => Promise<boolean>,
): Method {
  const parseIndex = (value: unknown): number => {
    const index = parseCount(value);
    if (index < validatorCount) return index;
    throw new BadValueError(`there is no validator ${index}; want 0 to ${validatorCount - 1}`);
  };
  return controlMethod(1, (params, { session }) => {
    if (!session.loopback) throw new MethodUnavailableError(`${name} is available on loopback connections only`);
    return control(params.required(0, parseIndex));
  });
}
