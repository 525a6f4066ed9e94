import { concatBytes, hexToBytes } from '@heddle/primitives';
import { createLayer } from '@heddle/state';
import type { Address, RecoveredTransaction } from '@heddle/types';
import { encodeAccessList, hashChunkHeader } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assembleChunkHeader, type ChunkOutcome, chunkRoots } from '../src/index.ts';
import { addressOf, personOf } from './support/chunk-people.ts';
import { COUNTER, DESTROYER, initCodeOf, wordOf } from './support/chunk-programs.ts';
import {
  AWAY,
  authorize,
  bob,
  type Case,
  carol,
  caseOf,
  factory,
  HERE,
  NEARBY,
  produce,
  saltedFactory,
  send,
  THERE,
} from './support/local-case.ts';

/*
 * What an attempt that was taken back has seen and done must not show: a chunk whose producer tried remote transactions in
 * between is the chunk without them, byte for byte.
 */

/** Senders of shard 0, one for each candidate, so that none waits for another's nonce. */
const SENDERS = Array.from({ length: 14 }, (_, n) => personOf(0, 2, n + 4));
/** Whose delegations change. */
const AUTHORITIES = [carol, personOf(0, 2, 2)];
const ACTOR = addressOf(0, 2, 100);
/**
 * Does what a transaction can do, then looks at somebody: SSTORE and TSTORE of two words, SSTORE of what TLOAD gives, a log,
 * a payment to Carol, the balance of the third word's account.
 */
const ACTS = `6020355f3555 6020355f355d 5f355c5f35606401 55 5f5fa0 5f5f5f5f600173${carol.address.slice(2)}5af150 60403531 50 00`;
const TARGETS: readonly Address[] = [NEARBY, carol.address, HERE, addressOf(0, 2, 31), AWAY, bob.address, THERE];

type Draft = (sender: (typeof SENDERS)[number]) => RecoveredTransaction;

const word = (value: number): Uint8Array => wordOf(`0x${value.toString(16).padStart(40, '0')}`);
const target = fc.constantFrom(...TARGETS);
const initCode = fc.constantFrom(...[COUNTER, DESTROYER].map(initCodeOf), hexToBytes('0x33ff'));
const acting: fc.Arbitrary<Draft> = fc
  .record({ slot: fc.nat({ max: 2 }), value: fc.nat({ max: 2 }), whom: target })
  .map(({ slot, value, whom }) => (from) => {
    return send({ from, to: ACTOR, data: concatBytes(word(slot), word(value), wordOf(whom)) });
  });
const creating: fc.Arbitrary<Draft> = fc
  .record({ to: fc.constantFrom(factory, saltedFactory, null), data: initCode, value: fc.bigInt(0n, 2n) })
  .map((fields) => (from) => send({ from, ...fields }));
const paying: fc.Arbitrary<Draft> = fc
  .record({ to: target, value: fc.bigInt(0n, 3n) })
  .map((fields) => (from) => send({ from, ...fields }));
const delegating: fc.Arbitrary<Draft> = fc
  .record({
    authorities: fc.array(fc.constantFrom(...AUTHORITIES, bob), { minLength: 1, maxLength: 3 }),
    delegate: fc.constantFrom(HERE, THERE, ACTOR),
    to: fc.constantFrom(carol.address, HERE),
    nonce: fc.bigInt(0n, 2n),
  })
  .map(
    ({ authorities, delegate, to, nonce }) =>
      (from) =>
        authorize(authorities, delegate, to, nonce, from),
  );
const drafts = fc.array(fc.oneof(acting, creating, paying, delegating), { minLength: 2, maxLength: SENDERS.length });

function headerOf({ context, state }: Case, outcome: ChunkOutcome): string {
  const { root } = createLayer(state, outcome.changes);
  return hashChunkHeader(assembleChunkHeader(context, outcome, chunkRoots(outcome, 2), root, 0));
}

describe('attempts that were taken back', () => {
  test('leave the chunk that is made without them', () => {
    const given = caseOf([ACTS.replaceAll(' ', '')], NEARBY, SENDERS);
    let remote = 0;
    let local = 0;
    fc.assert(
      fc.property(drafts, (chosen) => {
        const candidates = chosen.flatMap((draft, i) => {
          const sender = SENDERS[i];
          return sender === undefined ? [] : [draft(sender)];
        });
        const mixed = produce(given, candidates);
        const plain = produce(given, mixed.included);
        expect(plain.rejected).toEqual([]);
        expect({ ...mixed, rejected: [] }).toEqual(plain);
        expect(encodeAccessList(mixed.accessList)).toEqual(encodeAccessList(plain.accessList));
        expect(headerOf(given, mixed)).toBe(headerOf(given, plain));
        expect(mixed.included.length + mixed.rejected.length).toBe(candidates.length);
        remote += mixed.rejected.filter(({ isRemote }) => isRemote).length;
        local += mixed.included.length;
      }),
      { numRuns: 80, seed: 7 },
    );
    expect(remote).toBeGreaterThan(100);
    expect(local).toBeGreaterThan(100);
  });
});
