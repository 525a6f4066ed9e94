import type { Hash } from '@heddle/types';
import type { Frame } from './frame.ts';
import { type Operation, outerOperation } from './operation.ts';
import { wordToHash } from './words.ts';

/** Yellow paper, appendix G. */
const LOG_GAS = 375;
const LOG_GAS_PER_TOPIC = 375;
const LOG_GAS_PER_BYTE = 8;

function logOperation(topicCount: number): Operation {
  const gas = LOG_GAS + LOG_GAS_PER_TOPIC * topicCount;
  return outerOperation(0xa0 + topicCount, `LOG${topicCount}`, gas, topicCount + 2, 0, (frame) =>
    log(frame, topicCount),
  );
}

function log(frame: Frame, topicCount: number): void {
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  const topics: Hash[] = [];
  for (let topic = 0; topic < topicCount; topic++) topics.push(wordToHash(frame.stack.pop()));
  if (frame.isStatic) {
    frame.halt('write protection');
    return;
  }
  if (!frame.expandMemory(offset, length)) return;
  if (!frame.charge(LOG_GAS_PER_BYTE * Number(length))) return;
  const data = frame.memory.read(Number(offset), Number(length));
  const entry = { address: frame.account.address, topics, data };
  frame.machine.world.addLog(entry);
  frame.machine.observer.logged(frame, entry);
}

export const logOperations: readonly Operation[] = [0, 1, 2, 3, 4].map(logOperation);
