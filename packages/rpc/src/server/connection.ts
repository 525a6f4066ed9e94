import type { Socket } from 'node:net';
import {
  FREE_ANSWER_BYTES,
  FREE_BODY_BYTES,
  MAX_ANSWER_BYTES,
  MAX_BODY_BYTES,
  MAX_PIPELINED_REQUESTS,
} from '../limits.ts';
import { ByteBudget, type ByteHolder } from '../protocol/byte-budget.ts';

/** What the server holds for one TCP connection. */
export interface Connection {
  /** Requests that are being received or worked on. */
  readonly bodies: ByteHolder;
  /** Answers that are being built or not yet written. */
  readonly answers: ByteHolder;
  /** HTTP requests under way. */
  requests: number;
}

/** The server's open connections, and the room that they share. */
export class Connections {
  readonly #bodies = new ByteBudget(
    { total: MAX_BODY_BYTES, freePerHolder: FREE_BODY_BYTES },
    'too many large requests at once: this node has no room for another one; send it again in a moment',
  );
  readonly #answers = new ByteBudget(
    { total: MAX_ANSWER_BYTES, freePerHolder: FREE_ANSWER_BYTES },
    'too many large answers at once: this node has no room for another one; read those that are ready and ask again, or ask for less',
  );
  readonly #connections = new WeakMap<Socket, Connection>();

  of(socket: Socket): Connection {
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = { bodies: this.#bodies.holder(), answers: this.#answers.holder(), requests: 0 };
      this.#connections.set(socket, connection);
    }
    return connection;
  }

  /** Bytes that count against the two budgets now. */
  get held(): { readonly bodies: number; readonly answers: number } {
    return { bodies: this.#bodies.counted, answers: this.#answers.counted };
  }
}

/** Whether another request of the connection is taken. */
export function hasRoomForRequest({ requests }: Connection): boolean {
  return requests < MAX_PIPELINED_REQUESTS;
}
