import { requireBlock } from '../../chain/resolve.ts';
import { BadValueError } from '../../errors.ts';
import { formatBlock } from '../../format/block.ts';
import { isUncheckedObject, type JsonValue } from '../../json.ts';
import { ITEM_BYTES, MAX_DETAILED_BLOCKS, MAX_MINED_BLOCKS } from '../../limits.ts';
import { optionalField } from '../../parse/fields.ts';
import { parseAmount, parseBoolean, parseSeconds } from '../../parse/scalars.ts';
import type { ChainReader, DevnetControl, DevnetMining, MiningMode } from '../../ports.ts';
import type { Method, MethodTable, RequestContext } from '../../protocol/method.ts';
import { controlMethod } from '../../protocol/method.ts';

/** When blocks are made, and making them. */
export function miningMethods(devnet: DevnetControl, chain: ChainReader): MethodTable {
  const { mining } = devnet;
  const mine = mineMethod(mining);
  const detailed = detailedMethod(devnet, chain);
  const getAutomine = controlMethod(0, () => mining.mode.kind === 'auto');
  const setAutomine = controlMethod(1, (params) => {
    mining.mode = withAutomine(mining.mode, params.required(0, parseBoolean));
    return null;
  });
  const setIntervalMining = controlMethod(1, (params) => {
    const seconds = params.required(0, parseSeconds);
    mining.mode = seconds === 0n ? { kind: 'manual' } : { kind: 'interval', seconds };
    return null;
  });
  return {
    evm_mine: controlMethod(1, async (params) => {
      await mineAsAsked(devnet, params.optional(0, parseMineRequest, ONE_BLOCK));
      return '0x0';
    }),
    evm_mine_detailed: detailed,
    anvil_mine_detailed: detailed,
    anvil_mine: mine,
    hardhat_mine: mine,
    hardhat_intervalMine: controlMethod(0, async () => {
      await mining.mine(1n, null);
      return true;
    }),
    anvil_getAutomine: getAutomine,
    hardhat_getAutomine: getAutomine,
    anvil_setAutomine: setAutomine,
    evm_setAutomine: setAutomine,
    anvil_getIntervalMining: controlMethod(0, () =>
      mining.mode.kind === 'interval' ? Number(mining.mode.seconds) : null,
    ),
    anvil_setIntervalMining: setIntervalMining,
    evm_setIntervalMining: setIntervalMining,
  };
}

/** As in anvil: an interval goes on when automine is switched off. */
function withAutomine(mode: MiningMode, isOn: boolean): MiningMode {
  if (isOn) return { kind: 'auto' };
  return mode.kind === 'auto' ? { kind: 'manual' } : mode;
}

interface MineRequest {
  /** Of the first block, seconds; null: as time goes. */
  readonly timestamp: bigint | null;
  readonly blocks: bigint;
}

const ONE_BLOCK: MineRequest = { timestamp: null, blocks: 1n };

/** Hardhat gives the time alone, Ganache and anvil an object. */
function parseMineRequest(value: unknown): MineRequest {
  if (!isUncheckedObject(value)) return { ...ONE_BLOCK, timestamp: parseSeconds(value) };
  return {
    timestamp: optionalField(value, 'timestamp', parseSeconds, null),
    blocks: optionalField(value, 'blocks', parseBlockCount, 1n),
  };
}

async function mineAsAsked({ mining, time }: DevnetControl, { timestamp, blocks }: MineRequest): Promise<void> {
  if (timestamp !== null) time.setNext(timestamp);
  await mining.mine(blocks, null);
}

function mineMethod(mining: DevnetMining): Method {
  return controlMethod(2, async (params) => {
    const count = params.optional(0, parseBlockCount, 1n);
    const interval = params.optional(1, parseSeconds, 0n);
    await mining.mine(count, interval === 0n ? null : interval);
    return null;
  });
}

function parseBlockCount(value: unknown): bigint {
  const count = parseAmount(value);
  if (count > MAX_MINED_BLOCKS) throw new BadValueError(`want at most ${MAX_MINED_BLOCKS} blocks`);
  return count;
}

/** The same, and the blocks that came of it. */
function detailedMethod(devnet: DevnetControl, chain: ChainReader): Method {
  return controlMethod(1, async (params, context) => {
    const request = params.optional(0, parseDetailedRequest, ONE_BLOCK);
    const before = chain.head().block.header.number;
    await mineAsAsked(devnet, request);
    return blocksFrom(chain, before + 1n, request.blocks, context);
  });
}

function parseDetailedRequest(value: unknown): MineRequest {
  const request = parseMineRequest(value);
  if (request.blocks > MAX_DETAILED_BLOCKS) throw new BadValueError(`want at most ${MAX_DETAILED_BLOCKS} blocks`);
  return request;
}

async function blocksFrom(
  chain: ChainReader,
  first: bigint,
  count: bigint,
  { takeRoom, signal }: RequestContext,
): Promise<readonly JsonValue[]> {
  const blocks: JsonValue[] = [];
  for (let number = first; number < first + count; number++) {
    signal.throwIfAborted();
    const block = await requireBlock(chain, { kind: 'number', number });
    takeRoom(ITEM_BYTES * (1 + block.executed.length));
    blocks.push(formatBlock(block, true));
  }
  return blocks;
}
