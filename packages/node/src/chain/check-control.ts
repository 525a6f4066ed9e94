import { refusalOf } from '@heddle/execution';
import { MAX_U64 } from '@heddle/primitives';
import { type ControlPart, MAX_CHUNK_GAS_LIMIT, runOf } from '@heddle/types';
import { InvalidControlError } from '../errors.ts';
import { MIN_CONTROLLED_GAS_LIMIT } from '../limits.ts';
import type { Chain } from './chain.ts';
import type { ExecutedBlock } from './executed-block.ts';

/** Whether a control part may stand in a block on `parent`. Throws `InvalidControlError`. */
export function checkControl(chain: Chain, parent: ExecutedBlock, control: ControlPart): void {
  // [D1] Who owns a devnet owns its state; nobody owns any other network's.
  if (!chain.genesis.devnet) refuse('the genesis says nothing of a devnet');
  if (control.parentHash !== parent.hash) refuse('it stands on another block');
  // [D2] So that none counts twice, whoever proposes it again.
  const { nextNumber } = parent.control;
  if (control.number !== nextNumber) refuse(`its number is ${control.number}, the next one is ${nextNumber}`);
  for (const operation of control.operations) {
    const refusal = operation.kind === 'gasLimit' ? gasLimitRefusal(operation.value) : refusalOf(operation);
    if (refusal !== null) refuse(refusal);
  }
  checkRun(chain, parent, control);
}

function checkRun({ epochs }: Chain, { height, block }: ExecutedBlock, control: ControlPart): void {
  const run = runOf(control);
  if (run === null) return;
  const { count, firstTimestamp, interval } = run;
  const earliest = block.header.timestamp;
  if (firstTimestamp < earliest) refuse(`timestamp ${firstTimestamp} is before the parent block's ${earliest}`);
  if (firstTimestamp + interval * (count - 1n) > MAX_U64) refuse('its timestamps pass 64 bits');
  // [D3] What happens at such a height happens in a block that was decided on.
  const next = epochs.nextMarkAbove(height);
  if (height + count > next)
    refuse(`a run from ${height} may go up to ${next}, where an epoch ends or names validators`);
}

function gasLimitRefusal(value: bigint): string | null {
  if (value >= MIN_CONTROLLED_GAS_LIMIT && value <= MAX_CHUNK_GAS_LIMIT) return null;
  return `a gas limit is ${MIN_CONTROLLED_GAS_LIMIT} … ${MAX_CHUNK_GAS_LIMIT}, not ${value}`;
}

function refuse(rule: string): never {
  throw new InvalidControlError(rule);
}
