/** Messages between shards: their records, the queues of those that wait, and the lists of what goes back to a transaction. */
import { equalBytes } from '@heddle/primitives';
import { decodeMessage, encodeMessage } from '@heddle/types';
import { decodeMessageRecord } from '../codecs.ts';
import { messageKey, pendingKey, tableRange } from '../keys.ts';
import { type ExaminedChain, entriesOf } from './examined-chain.ts';

export interface ExaminedMessages {
  readonly messages: number;
  readonly waiting: number;
}

export async function examineMessages(chain: ExaminedChain): Promise<ExaminedMessages> {
  const { database, damages, height, progress } = chain;
  let messages = 0;
  let undelivered = 0;
  for await (const [key, value] of entriesOf(database, tableRange('message'))) {
    progress('messages', ++messages, null);
    if (value === null) continue;
    const record = damages.attempt('messages', 'a message', () => decodeMessageRecord(value));
    if (record === null) continue;
    const { message, emittedIn, deliveredIn } = record;
    if (emittedIn > height || (deliveredIn ?? 0n) > height) {
      damages.add('messages', `message ${message.id} is of a block above the head`);
    }
    if (!equalBytes(key, messageKey(message))) damages.add('messages', `message ${message.id} lies in another's place`);
    const queued = database.get(pendingKey(message));
    const isWaiting = queued !== undefined;
    if (queued !== undefined && !equalBytes(queued, encodeMessage(message))) {
      damages.add('messages', `message ${message.id} is another one in its queue`);
    }
    if (deliveredIn === null) undelivered++;
    if (isWaiting === (deliveredIn !== null)) {
      damages.add('messages', `message ${message.id} ${isWaiting ? 'was delivered and waits' : 'waits in no queue'}`);
    }
  }
  let waiting = 0;
  for await (const [, value] of entriesOf(database, tableRange('pending'))) {
    waiting++;
    if (value === null) continue;
    const message = damages.attempt('messages', 'a message that waits', () => decodeMessage(value));
    if (message === null) continue;
    const isKnown = database.get(messageKey(message)) !== undefined;
    if (!isKnown) damages.add('messages', `message ${message.id} waits and has no record`);
  }
  if (waiting !== undelivered) {
    damages.add('messages', `${waiting} messages wait in queues, and ${undelivered} have not been delivered`);
  }
  let listed = 0;
  for await (const [, key] of entriesOf(database, tableRange('origin'))) {
    listed++;
    if (key !== null && database.get(key) === undefined) damages.add('messages', 'a transaction lists a lost message');
  }
  if (listed !== messages) damages.add('messages', `transactions list ${listed} messages, and there are ${messages}`);
  return { messages, waiting };
}
