import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidFrameError, REFUSALS } from '../src/errors.ts';
import { credibleAddresses, decodeKnownPeers, encodeKnownPeers } from '../src/exchange.ts';
import {
  decodeHello,
  decodeVerdict,
  encodeHello,
  encodeVerdict,
  faultOf,
  makeHello,
  SESSION_BYTES,
} from '../src/hello.ts';
import { GENESIS, identityOf } from './support/network.ts';

const SESSION = new Uint8Array(SESSION_BYTES).fill(3);
const ID = '12D3KooWK3TiJm2yVKh5LYxN6uLLWafFnAHjTDZgD9mD1tpLShGw';
const OTHER_ID = '12D3KooWHbcFcrGPXKUrHcxvd8MXEeUzRYyvY8fQcpEBxncSUwhj';
const hello = makeHello(GENESIS, SESSION, ID, identityOf('a'), ['/ip4/1.2.3.4/tcp/5']);

describe('hello', () => {
  test('is read as it was written, with a key and without', () => {
    for (const each of [hello, makeHello(GENESIS, SESSION, ID, null, [])]) {
      expect(decodeHello(encodeHello(each))).toEqual(each);
      expect(faultOf(each, ID, GENESIS)).toBeNull();
    }
  });

  test('of another chain, version or peer id is refused', () => {
    expect(faultOf(hello, ID, `0x${'11'.repeat(32)}`)).toBe('otherGenesis');
    expect(faultOf({ ...hello, version: 9n }, ID, GENESIS)).toBe('otherVersion');
    expect(faultOf(hello, OTHER_ID, GENESIS)).toBe('badSignature');
  });

  test('any bytes are a hello or InvalidFrameError', () => {
    const valid = encodeHello(hello);
    const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, byte]) => valid.with(at, byte));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
        for (const decode of [decodeHello, decodeVerdict, decodeKnownPeers]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidFrameError);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a verdict is what it was', () => {
    for (const verdict of [null, ...REFUSALS]) expect(decodeVerdict(encodeVerdict(verdict))).toBe(verdict);
  });
});

describe('peer exchange', () => {
  test('tells peers with their addresses, as many as fit', () => {
    const peer = { peerId: ID, addresses: ['/ip4/1.2.3.4/tcp/5'] };
    expect(decodeKnownPeers(encodeKnownPeers([peer]))).toEqual([peer]);
    expect(decodeKnownPeers(encodeKnownPeers(Array.from({ length: 1_000 }, () => peer)))).toHaveLength(64);
  });

  test('private addresses are believed only of those that are near', () => {
    const addresses = ['/ip4/192.168.0.1/tcp/5', '/ip4/203.0.113.7/tcp/5', '/ip4/203.0.113.7/udp/5'];
    const believed = (informer: string): readonly string[] =>
      credibleAddresses(addresses, informer).map((address) => address.toString());
    expect(believed('/ip4/198.51.100.1/tcp/9')).toEqual(['/ip4/203.0.113.7/tcp/5']);
    expect(believed('/ip4/10.0.0.1/tcp/9')).toEqual(['/ip4/192.168.0.1/tcp/5', '/ip4/203.0.113.7/tcp/5']);
  });
});
