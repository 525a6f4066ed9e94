import type { JsonText } from '../../src/json-text.ts';
import { ByteBudget } from '../../src/protocol/byte-budget.ts';
import type { Session } from '../../src/protocol/method.ts';
import type { Client } from '../../src/protocol/running-request.ts';

/** A client with room for every answer. */
export function testClient(session: Session, signal: AbortSignal = new AbortController().signal): Client {
  const budget = new ByteBudget({ total: Number.MAX_SAFE_INTEGER, freePerHolder: 0 }, 'no room');
  return { session, signal, answers: budget.holder() };
}

/** What its reader makes of an answer; 'null' where there is none. */
export function textOf(answer: JsonText | null): string {
  return answer === null ? 'null' : Buffer.from(answer.whole, 'latin1').toString('utf8');
}
