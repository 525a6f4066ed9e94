import { afterEach, beforeEach } from '@jest/globals';
import type { RpcEndpoint, RpcObserver, RpcServer, RpcServerOptions } from '../../src/index.ts';
import { createRpcServer, SILENT_OBSERVER } from '../../src/index.ts';
import { isUncheckedObject, ownMember } from '../../src/json.ts';
import { FakeNode } from './fake-node.ts';

/** The error object of an answer. */
export interface AnsweredError {
  readonly code: unknown;
  readonly message: unknown;
  readonly data: unknown;
}

/** A server over a fake node, started anew for each test of the file that calls `useServer`. */
export class Harness {
  readonly node: FakeNode = new FakeNode();
  readonly bugs: unknown[] = [];
  readonly cuts: string[] = [];
  /** WebSockets and subscriptions, each time the server told them. */
  readonly counts: (readonly [number, number])[] = [];
  nowMs = 0;
  readonly server: RpcServer;
  url = '';
  wsUrl = '';

  constructor(options: Partial<RpcServerOptions>) {
    const observer: RpcObserver = {
      ...SILENT_OBSERVER,
      internalError: (_, error) => this.bugs.push(error),
      connections: (webSockets, subscriptions) => this.counts.push([webSockets, subscriptions]),
      connectionCut: (reason) => this.cuts.push(reason),
    };
    this.server = createRpcServer({
      backend: this.node.backend(true),
      host: '127.0.0.1',
      port: 0,
      corsOrigins: [],
      allowedHosts: [],
      allowControl: false,
      nowMs: () => this.nowMs,
      observer,
      ...options,
    });
  }

  async start(): Promise<RpcEndpoint> {
    const endpoint = await this.server.start();
    this.url = endpoint.url;
    this.wsUrl = endpoint.wsUrl;
    return endpoint;
  }

  /** Posts a text and returns the parsed answer, null when there is none. */
  async post(text: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });
    const answer = await response.text();
    return answer === '' ? null : JSON.parse(answer);
  }

  /** The result of one request; throws when it is an error. */
  async call(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const answer = await this.post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    if (!isUncheckedObject(answer)) throw new Error('not an answer');
    if (Object.hasOwn(answer, 'error')) throw new Error(`${method}: ${JSON.stringify(ownMember(answer, 'error'))}`);
    return ownMember(answer, 'result');
  }

  /** The error of one request; throws when it is a result. */
  async fail(method: string, ...params: readonly unknown[]): Promise<AnsweredError> {
    return errorOf(await this.post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })));
  }
}

/** The error in an answer. */
export function errorOf(answer: unknown): AnsweredError {
  const error = isUncheckedObject(answer) ? ownMember(answer, 'error') : undefined;
  if (!isUncheckedObject(error)) throw new Error(`not an error: ${JSON.stringify(answer)}`);
  return { code: error.code, message: error.message, data: error.data };
}

/** Gives each test of the file a running server; fails the test when the server met a bug. */
export function useServer(options: Partial<RpcServerOptions> = {}): () => Harness {
  let harness = new Harness(options);
  beforeEach(async () => {
    harness = new Harness(options);
    await harness.start();
  });
  afterEach(async () => {
    await harness.server.stop();
    const [bug] = harness.bugs;
    if (bug !== undefined) throw bug;
  });
  return () => harness;
}
