import { bytesToHex } from '@heddle/primitives';
import type { JsonObject } from '../json.ts';
import type { SimulatedBlock, SimulatedTransaction } from '../ports.ts';
import { formatBlock } from './block.ts';
import { formatLog } from './log.ts';
import { quantity } from './quantity.ts';
import { revertMessage } from './revert-reason.ts';

/** A revert's error code, as in eth_call; any other failure's (execution-apis). */
const REVERTED = 3;
const HALTED = -32_015;

/** As eth_getBlockByNumber shows blocks, with what became of the calls. */
export function formatSimulatedBlock(block: SimulatedBlock, hydrated: boolean): JsonObject {
  return { ...formatBlock(block, hydrated), calls: block.executed.map((entry) => formatCall(block, entry)) };
}

function formatCall(block: SimulatedBlock, entry: SimulatedTransaction): JsonObject {
  const { status, returnData, gasUsed, maxUsedGas, logs, reason } = entry.call;
  const report = {
    returnData: bytesToHex(returnData),
    gasUsed: quantity(gasUsed),
    maxUsedGas: quantity(maxUsedGas),
    logs: logs.map((log, offset) => formatLog(block, entry, log, offset)),
  };
  switch (status) {
    case 'success':
      return { ...report, status: '0x1' };
    case 'reverted': {
      const error = { code: REVERTED, message: revertMessage(returnData), data: bytesToHex(returnData) };
      return { ...report, status: '0x0', error };
    }
    case 'halted':
      return { ...report, status: '0x0', error: { code: HALTED, message: `vm execution error: ${reason}` } };
  }
}
