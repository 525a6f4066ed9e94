import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RpcError } from '../errors.ts';
import { CapacityError, ClientGoneError, InvalidRequestError } from '../errors.ts';
import { JsonText } from '../json-text.ts';
import { MAX_PIPELINED_REQUESTS, MAX_REQUEST_BYTES } from '../limits.ts';
import { encodeError } from '../protocol/answer.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import type { Access } from './access.ts';
import { type Body, discardBody, readBody } from './body.ts';
import { type Connection, type Connections, hasRoomForRequest } from './connection.ts';
import { answerPreflight, setCorsHeaders } from './cors.ts';
import { cutSlowReader } from './cut-slow-reader.ts';
import { TextParts } from './text-parts.ts';

const GREETING = `Heddle JSON-RPC

POST a JSON-RPC 2.0 request to this address, or open a WebSocket on it.
Example: curl -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}' <this address>
`;

/** JSON, by its names. None is among the types that a page may send anywhere without asking first, as a form may. */
const CONTENT_TYPES = ['application/json', 'application/json-rpc', 'application/jsonrequest'];

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Serves HTTP: POST is JSON-RPC on every path, GET tells people what this is, OPTIONS is CORS. Never rejects. */
export function createHttpHandler(dispatcher: Dispatcher, access: Access, connections: Connections): HttpHandler {
  return async (request, response) => {
    const exchange = { request, response };
    const refused = access.refusal(request);
    if (refused !== null) return refuse(exchange, 403, new InvalidRequestError(refused));
    setCorsHeaders(request, response, access);
    switch (request.method) {
      case 'POST':
        return answerPost(exchange, dispatcher, access, connections.of(request.socket));
      case 'OPTIONS':
        return answerPreflight(request, response);
      case 'GET':
      case 'HEAD':
        return answerGet(request, response);
      default:
        response.setHeader('Allow', 'GET, POST, OPTIONS');
        refuse(exchange, 405, new InvalidRequestError('HTTP method not allowed: send JSON-RPC with POST'));
    }
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answerPost(
  exchange: Exchange,
  dispatcher: Dispatcher,
  access: Access,
  connection: Connection,
): Promise<void> {
  const badType = typeRefusal(exchange.request);
  if (badType !== null) return refuse(exchange, 415, new InvalidRequestError(badType));
  if (!hasRoomForRequest(connection)) {
    const reason = `too many requests at once on this connection: at most ${MAX_PIPELINED_REQUESTS} are taken`;
    return refuse(exchange, 503, new CapacityError(reason));
  }
  connection.requests += 1;
  const hold = connection.bodies.open();
  try {
    const body = await readBody(exchange.request, hold);
    if (body.kind === 'text') await answerBody(exchange, body.text, dispatcher, access, connection);
    else refuseBody(exchange, body);
  } finally {
    hold.release();
    connection.requests -= 1;
  }
}

function typeRefusal({ headers }: IncomingMessage): string | null {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    return 'compressed bodies are not taken: send plain JSON';
  }
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (CONTENT_TYPES.includes(type.trim().toLowerCase())) return null;
  return 'send the header "Content-Type: application/json" with the request: nothing else is taken, so that web pages have to ask first';
}

function refuseBody(exchange: Exchange, body: Exclude<Body, { readonly kind: 'text' }>): void {
  if (body.kind === 'aborted') return;
  exchange.response.setHeader('Connection', 'close');
  if (body.kind === 'noRoom') return refuse(exchange, 503, body.error);
  refuse(exchange, 413, new InvalidRequestError(`body too large: at most ${MAX_REQUEST_BYTES} bytes are taken`));
}

async function answerBody(
  { request, response }: Exchange,
  text: string,
  dispatcher: Dispatcher,
  access: Access,
  { answers }: Connection,
): Promise<void> {
  const session = { controlRefusal: access.controlRefusal(request), sink: null };
  const reply = await dispatcher.answer(text, { session, signal: whileOpen(response), answers });
  const release = (): void => reply.hold.release();
  response.once('close', release);
  if (reply.sendable !== null) await reply.sendable;
  if (response.destroyed) return release();
  if (reply.text === null) response.writeHead(204).end();
  else sendJson(response, 200, reply.text);
  for (const task of reply.afterSent) task();
}

/** Aborted when the connection ends before the whole answer is written. */
function whileOpen(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort(new ClientGoneError());
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new ClientGoneError());
  });
  return controller.signal;
}

function answerGet(request: IncomingMessage, response: ServerResponse): void {
  const [path] = (request.url ?? '/').split('?');
  response.writeHead(path === '/' ? 200 : 404, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(path === '/' ? GREETING : 'Nothing is here; JSON-RPC is POSTed to /\n');
}

function refuse({ request, response }: Exchange, status: number, error: RpcError): void {
  discardBody(request);
  sendJson(response, status, JsonText.of(encodeError(null, error)));
}

function sendJson(response: ServerResponse, status: number, text: JsonText): void {
  // The client may be gone by now.
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.allocUnsafe(text.length);
  new TextParts(text).fill(body, 0);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
  cutSlowReader(response, body.length);
}
