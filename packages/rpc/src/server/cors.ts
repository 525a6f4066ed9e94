import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';

/** How long a browser may remember a preflight's answer, seconds. */
const PREFLIGHT_LIFE_S = '600';

/** A list of header names; anything else is not repeated to the browser. */
const HEADER_NAMES = /^[A-Za-z0-9\-_, ]{1,500}$/;

/** Lets the page read the answer. Only for a request that is not refused. */
export function setCorsHeaders(request: IncomingMessage, response: ServerResponse, access: Access): void {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', access.readableBy(origin));
}

/** The browser's question before a page's request. Only for a request that is not refused. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const asked = request.headers['access-control-request-headers'];
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
  response.setHeader(
    'Access-Control-Allow-Headers',
    asked !== undefined && HEADER_NAMES.test(asked) ? asked : 'Content-Type',
  );
  response.setHeader('Access-Control-Max-Age', PREFLIGHT_LIFE_S);
  // Chrome asks before a page of the public internet may reach an address of the local network.
  if (request.headers.origin !== undefined && request.headers['access-control-request-private-network'] === 'true') {
    response.setHeader('Access-Control-Allow-Private-Network', 'true');
  }
  response.writeHead(204, { Allow: 'GET, POST, OPTIONS' });
  response.end();
}
