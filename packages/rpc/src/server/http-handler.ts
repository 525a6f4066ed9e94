import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RpcError } from '../errors.ts';
import { ClientGoneError, InvalidRequestError } from '../errors.ts';
import { MAX_REQUEST_BYTES } from '../limits.ts';
import { encodeError } from '../protocol/answer.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import type { AccessRules } from './access.ts';
import { isLoopback, refusal } from './access.ts';
import { discardBody, readBody } from './body.ts';
import { answerPreflight, setCorsHeaders } from './cors.ts';

const GREETING = `Heddle JSON-RPC

POST a JSON-RPC 2.0 request to this address, or open a WebSocket on it.
Example: curl -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}' <this address>
`;

/** Serves HTTP: POST is JSON-RPC on every path, GET tells people what this is, OPTIONS is CORS. Never rejects. */
export function createHttpHandler(
  dispatcher: Dispatcher,
  rules: AccessRules,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const refused = refusal(request, rules);
    if (refused !== null) {
      discardBody(request);
      sendError(response, 403, new InvalidRequestError(refused));
      return;
    }
    setCorsHeaders(request, response, rules.corsOrigins);
    switch (request.method) {
      case 'POST':
        return answerPost(request, response, dispatcher);
      case 'OPTIONS':
        return answerPreflight(request, response);
      case 'GET':
      case 'HEAD':
        return answerGet(request, response);
      default:
        discardBody(request);
        response.setHeader('Allow', 'GET, POST, OPTIONS');
        sendError(response, 405, new InvalidRequestError('HTTP method not allowed: send JSON-RPC with POST'));
    }
  };
}

async function answerPost(request: IncomingMessage, response: ServerResponse, dispatcher: Dispatcher): Promise<void> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    discardBody(request);
    sendError(response, 415, new InvalidRequestError('compressed bodies are not taken: send plain JSON'));
    return;
  }
  const body = await readBody(request);
  if (body.kind === 'aborted') return;
  if (body.kind === 'tooLarge') {
    discardBody(request);
    response.setHeader('Connection', 'close');
    sendError(response, 413, new InvalidRequestError(`body too large: at most ${MAX_REQUEST_BYTES} bytes are taken`));
    return;
  }
  const session = { loopback: isLoopback(request), sink: null };
  const reply = await dispatcher.answer(body.text, session, whileOpen(response));
  await reply.sendable;
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

function sendError(response: ServerResponse, status: number, error: RpcError): void {
  sendJson(response, status, encodeError(null, error));
}

function sendJson(response: ServerResponse, status: number, text: string): void {
  // The client may be gone by now.
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(text, 'utf8');
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
}
