import { requireBlock } from '../../chain/resolve.ts';
import { parseSeconds } from '../../parse/scalars.ts';
import type { ChainReader, DevnetControl } from '../../ports.ts';
import type { MethodTable } from '../../protocol/method.ts';
import { controlMethod } from '../../protocol/method.ts';

const LEAST_MILLISECONDS = 10n ** 12n;

/** The time that blocks are dated by. Seconds, as in anvil. */
export function timeMethods({ time }: DevnetControl, chain: ChainReader): MethodTable {
  const increaseTime = controlMethod(1, (params) => Number(time.increase(params.required(0, parseSeconds))));
  const setTime = controlMethod(1, (params) => Number(time.set(params.required(0, parseMoment))));
  const setNextBlockTimestamp = controlMethod(1, (params) => {
    time.setNext(params.required(0, parseSeconds));
    return null;
  });
  return {
    evm_increaseTime: increaseTime,
    anvil_increaseTime: increaseTime,
    evm_setTime: setTime,
    anvil_setTime: setTime,
    evm_setNextBlockTimestamp: setNextBlockTimestamp,
    anvil_setNextBlockTimestamp: setNextBlockTimestamp,
    anvil_setBlockTimestampInterval: controlMethod(1, (params) => {
      time.setInterval(params.required(0, parseSeconds));
      return null;
    }),
    anvil_removeBlockTimestampInterval: controlMethod(0, () => {
      const had = time.interval !== null;
      time.setInterval(null);
      return had;
    }),
    anvil_getGenesisTime: controlMethod(0, async () => {
      const { block } = await requireBlock(chain, { kind: 'number', number: 0n });
      return Number(block.header.timestamp);
    }),
  };
}

/** Ganache's clients say milliseconds here, Foundry's seconds: as seconds these would be after the year 33,000. */
function parseMoment(value: unknown): bigint {
  const moment = parseSeconds(value);
  return moment >= LEAST_MILLISECONDS ? moment / 1_000n : moment;
}
