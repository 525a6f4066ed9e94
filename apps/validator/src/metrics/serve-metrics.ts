import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NodeStatus } from '@heddle/node';
import { connectableHost } from '@heddle/rpc';
import { MAX_METRICS_CONNECTIONS, METRICS_TIMEOUT_MS } from '../limits.ts';
import { unreadiness } from './readiness.ts';

export interface MetricsPlace {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** What `/metrics` answers. */
export interface MetricsPage {
  /** Its content type. */
  readonly type: string;
  text(): Promise<string>;
}

/** A listener that runs. */
export interface MetricsServer {
  readonly url: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

/**
 * Answers `/metrics` for Prometheus, `/health` (the process answers) and `/ready` (it may be asked), on a port of its own, so
 * that none of it is at the public one. Rejects with Node's error when it can not listen.
 */
export async function serveMetrics(
  { host, port }: MetricsPlace,
  page: MetricsPage,
  status: () => NodeStatus | null,
): Promise<MetricsServer> {
  const server = createServer(
    { requestTimeout: METRICS_TIMEOUT_MS, headersTimeout: METRICS_TIMEOUT_MS },
    (request, response) => {
      // A reading that fails, as while the node stops, is no reason to end the process.
      respond(request, response, page, status).catch(() => response.destroy());
    },
  );
  server.maxConnections = MAX_METRICS_CONNECTIONS;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: urlOf(host, server.address()),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function respond(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  page: MetricsPage,
  status: () => NodeStatus | null,
): Promise<void> {
  const { code, type, text } =
    method === 'GET' || method === 'HEAD'
      ? await answer(url ?? '/', page, status)
      : json(405, { error: 'only GET is answered here' });
  response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? '' : text);
}

async function answer(url: string, page: MetricsPage, status: () => NodeStatus | null): Promise<Answer> {
  const [path = ''] = url.split('?', 1);
  if (path === '/metrics') return { code: 200, type: page.type, text: await page.text() };
  if (path === '/health') return json(200, { status: 'ok' });
  if (path !== '/ready') return json(404, { error: 'there are /metrics, /health and /ready' });
  const reason = unreadiness(status());
  return reason === null ? json(200, { ready: true }) : json(503, { ready: false, reason });
}

function json(code: number, value: object): Answer {
  return { code, type: 'application/json', text: `${JSON.stringify(value)}\n` };
}

function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return `http://${connectableHost(host)}:${port}`;
}
