import { encodeRlp, keccak256Hex } from '@heddle/primitives';
import type { Message } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  compareDeliveryOrder,
  createShardRules,
  cursorWrite,
  deliveredWeight,
  extendQueue,
  messageId,
  messagesTo,
  messageWeight,
  outboxListRoot,
  outboxLists,
  outboxRoot,
  rootOfOutboxLists,
  type ShardRules,
} from '../src/index.ts';
import { callOf, unsequenced } from './support/arbitraries.ts';
import { MapState } from './support/map-state.ts';

const SHARDS = 3;

function sequenced(shard: number, height: bigint, emitted: Parameters<ShardRules['sequence']>[1]) {
  return createShardRules({ shard, shardCount: SHARDS }).sequence(new MapState(), emitted, height).outbox;
}

describe('weight', () => {
  test('is max(gas, 10,000) + 16 a byte, and 5,000 for a Credit', () => {
    const plain = callOf(21_000n, 0);
    expect(messageWeight(plain)).toBe(10_000n + 16n * BigInt(plain.transaction.raw.length));
    const heavy = callOf(521_000n, 1_000);
    expect(messageWeight(heavy)).toBe(500_000n + 16n * BigInt(heavy.transaction.raw.length));
    const { kind: _call, transaction: _transaction, feeTerms: _terms, ...rest } = plain;
    const { sourceGasUsed: _gas, calldataFloorGas: _floor, ...fields } = rest;
    expect(messageWeight({ kind: 'credit', ...fields })).toBe(5_000n);
  });

  test('delivered, is by the gas really used: what is declared blocks nobody', () => {
    const place = { source: 0, sourceHeight: 1n, sequence: 0n };
    const heavy = { ...callOf(521_000n, 1_000), ...place };
    const bytes = 16n * BigInt(heavy.transaction.raw.length);
    expect(deliveredWeight(heavy, 500_000n)).toBe(messageWeight(heavy));
    expect(deliveredWeight(heavy, 30_000n)).toBe(30_000n + bytes);
    expect(deliveredWeight(heavy, 0n)).toBe(10_000n + bytes);
    const { kind: _call, transaction: _transaction, feeTerms: _terms, ...rest } = heavy;
    const { sourceGasUsed: _gas, calldataFloorGas: _floor, ...fields } = rest;
    expect(deliveredWeight({ kind: 'credit', ...fields }, 0n)).toBe(5_000n);
  });
});

describe('delivery', () => {
  test('is ordered by source height, then source shard, then sequence', () => {
    const place = (sourceHeight: bigint, source: number, sequence: bigint): Message => ({
      ...callOf(21_000n, 0),
      sourceHeight,
      source,
      sequence,
    });
    const ordered = [place(1n, 1, 9n), place(2n, 0, 4n), place(2n, 0, 5n), place(2n, 2, 0n), place(10n, 0, 6n)];
    expect([...ordered].reverse().sort(compareDeliveryOrder)).toEqual(ordered);
    expect(compareDeliveryOrder(place(1n, 1, 1n), place(1n, 1, 1n))).toBe(0);
  });
});

describe('exactly once, in order', () => {
  /** One block: what each shard emits, and how many messages each delivers. */
  const block = fc.record({
    emitted: fc.tuple(...[0, 1, 2].map((shard) => fc.array(unsequenced(shard, SHARDS), { maxLength: 6 }))),
    counts: fc.tuple(...[0, 1, 2].map(() => fc.nat({ max: 6 }))),
  });

  test('whatever is emitted and however many are delivered, every message arrives once and cursors count them', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const states = Array.from({ length: SHARDS }, () => new MapState());
        const rules = states.map((_, shard) => createShardRules({ shard, shardCount: SHARDS }));
        const sent: Message[] = [];
        const received: Message[] = [];
        let queues: readonly (readonly Message[])[] = states.map(() => []);
        const drain = { emitted: [[], [], []], counts: [1_000, 1_000, 1_000] };
        for (const [index, { emitted, counts }] of [...blocks, drain].entries()) {
          const delivered = queues.map((queue, shard) => queue.slice(0, counts[shard]));
          const outboxes = states.map((state, shard) => {
            for (const message of delivered[shard] ?? []) {
              expect(rules[shard]?.inboundCursors(state)[message.source]).toBe(message.sequence);
              state.apply([cursorWrite(message)]);
            }
            received.push(...(delivered[shard] ?? []));
            const settled = rules[shard]?.sequence(state, emitted[shard] ?? [], BigInt(index));
            state.apply(settled?.writes ?? []);
            return settled?.outbox ?? [];
          });
          sent.push(...outboxes.flat());
          queues = queues.map((queue, shard) =>
            extendQueue(queue, delivered[shard] ?? [], messagesTo(outboxes.flat(), shard)),
          );
        }
        const place = (m: Message): string => `${m.source}>${m.destination}#${m.sequence}`;
        expect(received.map(place).sort()).toEqual(sent.map(place).sort());
        expect(new Set(sent.map(place)).size).toBe(sent.length);
        for (const [shard, state] of states.entries()) {
          const cursors = rules[shard]?.inboundCursors(state) ?? [];
          for (const [source, cursor] of cursors.entries()) {
            const count = sent.filter((m) => m.source === source && m.destination === shard).length;
            expect(cursor).toBe(BigInt(count));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a message to oneself or to no shard is impossible', () => {
    const rules = createShardRules({ shard: 1, shardCount: SHARDS });
    expect(() => rules.sequence(new MapState(), [callOf(21_000n, 0)], 1n)).toThrow(/addressed to the shard/);
    const far = { ...callOf(21_000n, 0), destination: 3 };
    expect(() => rules.sequence(new MapState(), [far], 1n)).toThrow(/goes to shard 3/);
  });
});

describe('commitments', () => {
  const emitted = [0, 1, 2, 3, 4].map((i) => ({ ...callOf(21_000n + BigInt(i), i), destination: 1 + (i % 2) }));
  const outbox = sequenced(0, 7n, emitted);

  test('the outbox root follows from the list roots', () => {
    const lists = outboxLists(outbox, SHARDS);
    expect(lists.map((list) => list.length)).toEqual([0, 3, 2]);
    expect(rootOfOutboxLists(lists.map(outboxListRoot))).toBe(outboxRoot(outbox, SHARDS));
  });

  test('every change of the outbox changes the root', () => {
    const changed = outbox.flatMap((message, index): Message[][] => [
      outbox.filter((_, i) => i !== index),
      outbox.map((m, i) => (i === index ? { ...m, value: m.value + 1n } : m)),
      outbox.map((m, i) => (i === index ? { ...m, destination: 3 - m.destination } : m)),
      [...outbox, message],
    ]);
    const roots = [outbox, ...changed].map((messages) => outboxRoot(messages, SHARDS));
    expect(new Set(roots).size).toBe(roots.length);
  });

  test('the order between destinations does not matter, within one it does', () => {
    const byDestination = [...outbox].sort((a, b) => b.destination - a.destination || Number(a.sequence - b.sequence));
    expect(outboxRoot(byDestination, SHARDS)).toBe(outboxRoot(outbox, SHARDS));
    expect(outboxRoot([...outbox].reverse(), SHARDS)).not.toBe(outboxRoot(outbox, SHARDS));
  });

  test('a message id is keccak256(rlp([cause, ordinal]))', () => {
    const cause = `0x${'11'.repeat(32)}` as const;
    const bytes = new Uint8Array(32).fill(0x11);
    expect(messageId(cause, 0)).toBe(keccak256Hex(encodeRlp([bytes, new Uint8Array(0)])));
    expect(messageId(cause, 300)).toBe(keccak256Hex(encodeRlp([bytes, Uint8Array.of(1, 44)])));
  });
});
