import { blsScheme } from '@heddle/consensus';
import { blsPublicKey, blsSign } from '@heddle/primitives';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type RememberedScheme, rememberedScheme } from '../src/consensus/remembered-scheme.ts';
import { REMEMBERED_SIGNATURES } from '../src/limits.ts';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

let checks: number;
let scheme: RememberedScheme;

/** A signature is good when it repeats the message. */
beforeEach(() => {
  checks = 0;
  const isGood = (message: Uint8Array, signature: Uint8Array): boolean => {
    checks += 1;
    return message.join() === signature.join();
  };
  scheme = rememberedScheme({
    verify: (_key, message, signature) => isGood(message, signature),
    verifyAggregate: (_keys, message, aggregate) => isGood(message, aggregate),
    aggregate: (signatures) => signatures[0] ?? null,
    verifyAll: (sets) =>
      sets.every((set) => isGood(set.message, set.kind === 'signature' ? set.signature : set.aggregate)),
  });
});

describe('a scheme with a memory', () => {
  test('checks what is good once, and what is bad each time', () => {
    for (let i = 0; i < 3; i++) expect(scheme.verify(bytes(1), bytes(2), bytes(2))).toBe(true);
    expect(checks).toBe(1);
    for (let i = 0; i < 3; i++) expect(scheme.verify(bytes(1), bytes(2), bytes(3))).toBe(false);
    expect(checks).toBe(4);
    for (let i = 0; i < 3; i++) expect(scheme.verifyAggregate([bytes(1), bytes(4)], bytes(2), bytes(2))).toBe(true);
    expect(checks).toBe(5);
    expect(scheme.aggregate([bytes(9)])).toEqual(bytes(9));
  });

  test('asks of many only for what it does not know, and knows them after', () => {
    const check = (value: number, signed = value) =>
      ({ kind: 'signature', publicKey: bytes(1), message: bytes(value), signature: bytes(signed) }) as const;
    expect(scheme.verify(bytes(1), bytes(2), bytes(2))).toBe(true);
    expect(scheme.verifyAll([check(2), check(3), check(4)])).toBe(true);
    expect(checks).toBe(3);
    expect(scheme.verifyAll([check(4), check(3), check(2)])).toBe(true);
    expect(scheme.verify(bytes(1), bytes(3), bytes(3))).toBe(true);
    expect(checks).toBe(3);
    expect(scheme.verifyAll([check(2), check(5, 6)])).toBe(false);
    expect(scheme.verify(bytes(1), bytes(5), bytes(6))).toBe(false);
    expect(checks).toBe(5);
  });

  test('takes nothing for known that differs in key, message, signature or their order', () => {
    expect(scheme.verifyAggregate([bytes(1), bytes(2)], bytes(3), bytes(3))).toBe(true);
    scheme.verifyAggregate([bytes(2), bytes(1)], bytes(3), bytes(3));
    scheme.verifyAggregate([bytes(1)], bytes(3), bytes(3));
    scheme.verifyAggregate([bytes(1, 2)], bytes(3), bytes(3));
    scheme.verify(bytes(1, 2, 3), bytes(3), bytes(3));
    scheme.verifyAggregate([bytes(1), bytes(2)], bytes(4), bytes(4));
    expect(checks).toBe(6);
    expect(scheme.verifyAggregate([bytes(1), bytes(2)], bytes(3), bytes(4))).toBe(false);
  });

  test('forgets the oldest when it is full', () => {
    const number = (i: number): Uint8Array => bytes(i >> 8, i & 255);
    for (let i = 0; i <= REMEMBERED_SIGNATURES; i++) scheme.verify(bytes(1), number(i), number(i));
    scheme.verify(bytes(1), number(1), number(1));
    expect(checks).toBe(REMEMBERED_SIGNATURES + 1);
    scheme.verify(bytes(1), number(0), number(0));
    expect(checks).toBe(REMEMBERED_SIGNATURES + 2);
  });
});

describe('what this process has signed', () => {
  test('needs no check, alone and among others, and nothing else is taken for it', () => {
    scheme.signed(bytes(1), bytes(2), bytes(2));
    expect(scheme.verify(bytes(1), bytes(2), bytes(2))).toBe(true);
    const check = { kind: 'signature', publicKey: bytes(1), message: bytes(2), signature: bytes(2) } as const;
    expect(scheme.verifyAll([check])).toBe(true);
    expect(checks).toBe(0);
    scheme.verify(bytes(7), bytes(2), bytes(2));
    expect(scheme.verify(bytes(1), bytes(3), bytes(2))).toBe(false);
    expect(checks).toBe(2);
  });

  test('makes sums that need none, of these keys and this message only', () => {
    for (const key of [1, 4]) scheme.signed(bytes(key), bytes(2), bytes(2));
    const sum = scheme.aggregate([bytes(2), bytes(2)]) ?? bytes();
    scheme.verifyAggregate([bytes(1), bytes(4), bytes(4)], bytes(2), sum);
    scheme.verifyAggregate([bytes(1), bytes(5)], bytes(2), sum);
    scheme.verifyAggregate([bytes(1), bytes(4)], bytes(3), sum);
    expect(checks).toBe(3);
    expect(scheme.verifyAggregate([bytes(1), bytes(4)], bytes(2), sum)).toBe(true);
    expect(checks).toBe(3);
  });

  test('is what BLS would say, and a sum with a forged part is not good', () => {
    const message = bytes(...Array(32).keys());
    const signers = [1, 2, 3].map((seed) => {
      const secretKey = new Uint8Array(32).fill(seed);
      return { publicKey: blsPublicKey(secretKey), signature: blsSign(secretKey, message) };
    });
    const keys = signers.map(({ publicKey }) => publicKey);
    const remembered = rememberedScheme(blsScheme);
    for (const { publicKey, signature } of signers) remembered.signed(publicKey, message, signature);
    const good = remembered.aggregate(signers.map(({ signature }) => signature)) ?? bytes();
    expect([remembered.verifyAggregate(keys, message, good), blsScheme.verifyAggregate(keys, message, good)]).toEqual([
      true,
      true,
    ]);
    const forged = blsSign(new Uint8Array(32).fill(9), message);
    const bad = remembered.aggregate([forged, ...signers.slice(1).map(({ signature }) => signature)]) ?? bytes();
    expect(remembered.verifyAggregate(keys, message, bad)).toBe(false);
  });
});
