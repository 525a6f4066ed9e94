import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PlainRequestReader } from '../src/server/plain-request.ts';

const BODY = '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}';
const HEADERS = ['Host: 127.0.0.1:8545', 'Content-Type: application/json', `Content-Length: ${BODY.length}`];

function request(headers: readonly string[] = HEADERS, line = 'POST / HTTP/1.1', body = BODY): Buffer {
  return Buffer.from(`${[line, ...headers].join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

function read(bytes: Buffer): string | null {
  const found = new PlainRequestReader().read(bytes);
  if (found === null) return null;
  const { host, headBytes, bodyBytes } = found;
  return `${host} ${bytes.subarray(headBytes, headBytes + bodyBytes).toString()}`;
}

describe('plain requests', () => {
  test('are what programs send: one piece, known headers', () => {
    expect(read(request())).toBe(`127.0.0.1:8545 ${BODY}`);
    const fetched = ['connection: keep-alive', 'accept: */*', 'accept-language: *', 'sec-fetch-mode: cors'];
    const more = ['user-agent: node', 'accept-encoding: gzip, deflate'];
    expect(read(request([...HEADERS, ...fetched, ...more], 'POST /rpc?key=1 HTTP/1.1'))).not.toBeNull();
    const withCharset = HEADERS.map((line) => line.replace('/json', '/json; charset=utf-8').toUpperCase());
    expect(read(request(withCharset))).not.toBeNull();
  });

  test('are followed by the next one', () => {
    const two = Buffer.concat([request(), request()]);
    const reader = new PlainRequestReader();
    const first = reader.read(two);
    const next = two.subarray((first?.headBytes ?? 0) + (first?.bodyBytes ?? 0));
    expect(reader.read(next)).toEqual(first);
    expect(reader.read(next.subarray(0, -1))).toBeNull();
  });

  test.each([
    ['a part', request().subarray(0, -1)],
    ['a part of the head', request().subarray(0, 30)],
    ['another method', request(HEADERS, 'PUT / HTTP/1.1')],
    ['HTTP/1.0', request(HEADERS, 'POST / HTTP/1.0')],
    ['a target with a space', request(HEADERS, 'POST /a b HTTP/1.1')],
    ['a whole URL as its target', request(HEADERS, 'POST http://127.0.0.1/ HTTP/1.1')],
    ['a page', request([...HEADERS, 'Origin: http://localhost:3000'])],
    ['a proxy', request([...HEADERS, 'X-Forwarded-For: 10.0.0.1'])],
    ['an upgrade', request([...HEADERS.slice(0, 2), 'Connection: Upgrade', 'Upgrade: websocket'])],
    ['the end of the connection', request([...HEADERS, 'Connection: close'])],
    ['chunks', request([...HEADERS, 'Transfer-Encoding: chunked'])],
    ['a question first', request([...HEADERS, 'Expect: 100-continue'])],
    ['two lengths', request([...HEADERS, 'Content-Length: 1'])],
    ['a list of lengths', request([...HEADERS.slice(0, 2), `Content-Length: ${BODY.length}, ${BODY.length}`])],
    ['an octal length', request([...HEADERS.slice(0, 2), `Content-Length: 0${BODY.length}`])],
    ['a signed length', request([...HEADERS.slice(0, 2), `Content-Length: +${BODY.length}`])],
    ['two hosts', request([...HEADERS, 'Host: evil.example'])],
    ['no host', request(HEADERS.slice(1))],
    ['a header that goes on in the next line', request([...HEADERS, 'Accept: a', ' b'])],
    ['a space before the colon', request([...HEADERS.slice(1), 'Host : 127.0.0.1'])],
    ['a bare line feed', request([`${HEADERS[0]}\nOrigin: http://evil.example`, ...HEADERS.slice(1)])],
    ['a bare carriage return', request([`${HEADERS[0]}\rOrigin: http://evil.example`, ...HEADERS.slice(1)])],
    ['another type', request(HEADERS.map((line) => line.replace('application/json', 'text/plain')))],
    ['a long head', request([...HEADERS, `User-Agent: ${'a'.repeat(3_000)}`])],
  ])('are not: %s', (_name, bytes) => {
    expect(read(bytes)).toBeNull();
  });

  test('whatever byte of the head is changed, the body stays where it was or the request is not plain', () => {
    const bytes = request();
    const headLength = bytes.length - BODY.length;
    fc.assert(
      fc.property(fc.nat(headLength - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        const found = new PlainRequestReader().read(changed);
        if (found === null) return;
        expect(found.headBytes).toBe(headLength);
        expect(found.bodyBytes).toBeLessThanOrEqual(BODY.length);
      }),
    );
  });
});
