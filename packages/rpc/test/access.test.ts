import { request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { isUncheckedObject } from '../src/json.ts';
import { errorOf, useServer } from './support/harness.ts';
import { WebSocketClient } from './support/web-socket-client.ts';

type Headers = Readonly<Record<string, string>>;

const READ = 'eth_chainId';
const CONTROL = 'heddle_stopValidator';

/** How one request is answered: its HTTP status, and in words what became of it. fetch can't set Host; this can. */
function ask(url: string, method: string, headers: Headers): Promise<readonly [number, string]> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: method === CONTROL ? [0] : [] });
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
    const request = httpRequest(url, options, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => {
        text += part.toString('utf8');
      });
      response.on('end', () => resolve([response.statusCode ?? 0, verdict(JSON.parse(text))]));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function verdict(answer: unknown): string {
  return isUncheckedObject(answer) && 'error' in answer ? String(errorOf(answer).message) : 'answered';
}

/** The answers' headers that a browser looks at before it shows a page its answer. */
async function preflight(url: string, origin: string): Promise<Headers> {
  const response = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type, x-api-key',
      'access-control-request-private-network': 'true',
    },
  });
  return { status: String(response.status), ...Object.fromEntries(response.headers) };
}

const ANSWERED = [200, 'answered'] as const;
const refusedHost = (name: string) => [403, expect.stringContaining(`--allow-host ${name}`)] as const;
const refusedOrigin = (origin: string) => [403, expect.stringContaining(`--cors ${origin}`)] as const;
const refusedControl = (flag: string) => [200, expect.stringContaining(flag)] as const;

describe('a server of this machine alone', () => {
  const harness = useServer();

  test.each(['localhost', 'LocalHost:1234', 'app.localhost', '127.0.0.1:8545', '127.1.2.3', '[::1]:8545'])(
    'the host %s is its own',
    async (host) => {
      expect(await ask(harness().url, READ, { host })).toEqual(ANSWERED);
      expect(await ask(harness().url, CONTROL, { host })).toEqual(ANSWERED);
    },
  );

  test.each([
    ['evil.example:8545', 'evil.example'],
    ['localhost.evil.example', 'localhost.evil.example'],
    ['127.0.0.1.nip.io', '127.0.0.1.nip.io'],
    ['192.168.1.5', '192.168.1.5'],
    ['[fe80::1]:80', 'fe80::1'],
  ])('the host %s is not: DNS rebinding, or forwarded', async (host, name) => {
    expect(await ask(harness().url, READ, { host })).toEqual(refusedHost(name));
    const rebound = { host, origin: `http://${host}` };
    expect(await ask(harness().url, CONTROL, rebound)).toEqual(refusedHost(name));
  });

  test.each(['http://localhost:3000', 'https://localhost', 'http://127.0.0.1:5173', 'http://[::1]:8080'])(
    'a page of %s is a dApp under development: it may do everything',
    async (origin) => {
      expect(await ask(harness().url, CONTROL, { origin })).toEqual(ANSWERED);
      expect(await preflight(harness().url, origin)).toMatchObject({
        status: '204',
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'content-type, x-api-key',
        'access-control-allow-methods': expect.stringContaining('POST'),
        'access-control-allow-private-network': 'true',
        vary: 'Origin',
      });
    },
  );

  test.each(['https://evil.example', 'null', 'http://localhost.evil.example', 'file://', 'http://192.168.1.5:3000'])(
    'a page of %s may do nothing',
    async (origin) => {
      expect(await ask(harness().url, READ, { origin })).toEqual(refusedOrigin(origin));
      const answered = await preflight(harness().url, origin);
      expect(answered.status).toBe('403');
      expect(Object.keys(answered).filter((name) => name.startsWith('access-control'))).toEqual([]);
      await expect(WebSocketClient.connect(harness().wsUrl, { origin })).rejects.toThrow('403');
    },
  );

  test.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'])(
    'with %s it came through a proxy, from anywhere',
    async (name) => {
      expect(await ask(harness().url, READ, { [name]: 'x' })).toEqual(ANSWERED);
      expect(await ask(harness().url, CONTROL, { [name]: 'x' })).toEqual(refusedControl('--allow-control'));
    },
  );

  test('WebSockets are decided about once, when they open', async () => {
    await expect(WebSocketClient.connect(harness().wsUrl, { host: 'evil.example' })).rejects.toThrow('403');
    const own = await WebSocketClient.connect(harness().wsUrl, { origin: 'http://localhost:3000' });
    expect(await own.ask(CONTROL, 0)).toMatchObject({ result: true });
    const proxied = await WebSocketClient.connect(harness().wsUrl, { via: '1.1 proxy' });
    expect(errorOf(await proxied.ask(CONTROL, 1))).toMatchObject({
      code: 4100,
      message: expect.stringContaining('--allow-control'),
    });
    expect(await proxied.ask(READ)).toMatchObject({ result: '0x7a69' });
  });
});

describe('what is written in flags', () => {
  const harness = useServer({ corsOrigins: ['https://app.example'], allowedHosts: ['Node.example'] });

  test('a named origin may do everything, its browser is told so, others may not', async () => {
    const origin = 'https://app.example';
    expect(await ask(harness().url, CONTROL, { origin })).toEqual(ANSWERED);
    expect(await preflight(harness().url, origin)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-private-network': 'true',
    });
    const client = await WebSocketClient.connect(harness().wsUrl, { origin });
    expect(await client.ask(READ)).toMatchObject({ result: '0x7a69' });
    expect(await ask(harness().url, READ, { origin: 'http://app.example' })).toEqual(
      refusedOrigin('http://app.example'),
    );
  });

  test('a named host is taken, and a page of the same name and port', async () => {
    const host = 'node.EXAMPLE:1234';
    expect(await ask(harness().url, CONTROL, { host, origin: 'https://node.example:1234' })).toEqual(ANSWERED);
    expect(await ask(harness().url, READ, { host, origin: 'https://node.example' })).toEqual(
      refusedOrigin('https://node.example'),
    );
  });
});

describe('with * for both', () => {
  const harness = useServer({ corsOrigins: ['*'], allowedHosts: ['*'] });

  test.each(['https://any.example', 'null', 'http://evil.example:8545'])(
    'a page of %s may read, but neither sign nor change anything, by whatever name it calls the node',
    async (origin) => {
      const headers = { origin, host: 'evil.example:8545' };
      expect(await ask(harness().url, READ, headers)).toEqual(ANSWERED);
      expect(await ask(harness().url, CONTROL, headers)).toEqual(refusedControl('--cors'));
      expect(await preflight(harness().url, origin)).toMatchObject({ 'access-control-allow-origin': '*' });
    },
  );

  test('programs and pages of this machine may still do everything', async () => {
    expect(await ask(harness().url, CONTROL, {})).toEqual(ANSWERED);
    expect(await ask(harness().url, CONTROL, { origin: 'http://localhost:3000' })).toEqual(ANSWERED);
  });
});

describe('a server that other machines reach', () => {
  const harness = useServer({ host: '0.0.0.0' });

  test('is called by any address, reads for everybody, and does more for nobody', async () => {
    expect(await ask(harness().url, READ, { host: '192.168.1.5:8545' })).toEqual(ANSWERED);
    expect(await ask(harness().url, READ, { host: 'evil.example' })).toEqual(refusedHost('evil.example'));
    expect(await ask(harness().url, CONTROL, {})).toEqual(refusedControl('--allow-control'));
  });
});

describe('the same with --allow-control', () => {
  const harness = useServer({ host: '0.0.0.0', allowControl: true });

  test('does everything for programs, and for pages of this machine only', async () => {
    expect(await ask(harness().url, CONTROL, { host: '192.168.1.5:8545', via: 'x' })).toEqual(ANSWERED);
    expect(await ask(harness().url, CONTROL, { origin: 'https://evil.example' })).toEqual(
      refusedOrigin('https://evil.example'),
    );
  });
});
