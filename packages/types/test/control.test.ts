import { decodeRlp, encodeRlp, type RlpItem } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as types from '../src/index.ts';
import * as arbitrary from './arbitraries.ts';

const refused = (reason: string): unknown =>
  expect.objectContaining({
    code: 'INVALID_ENCODING',
    facts: expect.objectContaining({ reason: expect.stringContaining(reason) }),
  });
const bug = expect.objectContaining({ code: 'IMPOSSIBLE_STATE' });

const [sample] = fc.sample(
  arbitrary.section.filter(({ control }) => control !== null),
  { numRuns: 1, seed: 1 },
);
if (sample === undefined) throw new Error('samples');
const { header } = sample;
const sectionWith = (operations: readonly types.ControlOperation[]): types.Section => ({
  header,
  control: { number: 0n, parentHash: types.ZERO_HASH, operations },
  transactions: [],
});
/** A section whose control part has these operations, whatever they are. */
const encoded = (operations: RlpItem): Uint8Array => {
  const control = [new Uint8Array(0), new Uint8Array(32), operations];
  return encodeRlp([decodeRlp(types.encodeSectionHeader(header)), [control, []]]);
};
const mine = { kind: 'mine', count: 1n, firstTimestamp: 0n, interval: 0n } as const;
const fee = { kind: 'nextBaseFee', value: 0n } as const;

describe('a control part', () => {
  test('has at least one operation, and no transactions beside it', () => {
    expect(() => types.decodeSection(encoded([]))).toThrow(refused('no operation'));
    const bytes = decodeRlp(types.encodeSection(sectionWith([fee])));
    if (bytes instanceof Uint8Array) throw new Error('a list');
    const [first, body] = bytes;
    if (first === undefined || body === undefined || body instanceof Uint8Array) throw new Error('two items');
    const both = encodeRlp([first, [body[0] ?? [], [Uint8Array.of(1)]]]);
    expect(() => types.decodeSection(both)).toThrow(refused('transactions beside its control part'));
  });

  test('mines last, and a bounded number of blocks', () => {
    const last = sectionWith([fee, mine]);
    expect(types.decodeSection(types.encodeSection(last))).toEqual(last);
    expect(() => types.decodeSection(types.encodeSection(sectionWith([mine, fee])))).toThrow(refused('last operation'));
    for (const count of [0n, types.MAX_RUN_BLOCKS + 1n]) {
      expect(() => types.decodeSection(types.encodeSection(sectionWith([{ ...mine, count }])))).toThrow(
        refused(`mines ${count} blocks`),
      );
    }
  });

  test('has operations of known kinds with all their fields', () => {
    expect(() => types.decodeSection(encoded([[Uint8Array.of(9)]]))).toThrow(refused('tag'));
    expect(() => types.decodeSection(encoded([[new Uint8Array(0)]]))).toThrow(refused('none of number 0'));
    expect(() => types.decodeSection(encoded([[Uint8Array.of(5)]]))).toThrow(refused('1 fields, not 2'));
  });

  test('has limits of operations and of code', () => {
    const many = Array.from({ length: types.MAX_CONTROL_OPERATIONS + 1 }, () => fee);
    expect(() => types.encodeSection(sectionWith(many))).toThrow(bug);
    const code = new Uint8Array(types.MAX_CONTROL_CODE_BYTES);
    const large = { kind: 'code', address: types.ZERO_ADDRESS, code } as const;
    const fitting = Math.floor(types.MAX_SECTION_BYTES / code.length);
    const full = sectionWith(Array.from({ length: fitting }, () => large));
    expect(types.decodeSection(types.encodeSection(full))).toEqual(full);
    const over = sectionWith(Array.from({ length: fitting + 1 }, () => large));
    expect(() => types.encodeSection(over)).toThrow(bug);
    const longer = sectionWith([{ ...large, code: new Uint8Array(code.length + 1) }]);
    expect(() => types.encodeSection(longer)).toThrow(bug);
  });
});

describe('a run', () => {
  const [block] = fc.sample(
    arbitrary.block.filter(({ chunks, header }) => chunks.length === 2 && header.number < 2n ** 32n),
    { numRuns: 1, seed: 2 },
  );
  if (block === undefined) throw new Error('samples');
  const first = {
    ...block.header,
    parentHash: types.ZERO_HASH,
    number: 7n,
    timestamp: 100n,
    extraData: types.DERIVED_EXTRA_DATA,
  };
  const run = types.deriveRun({ first, interval: 12n, baseFees: [30n, 20n] }, 4);

  test('links its blocks, with time and base fee moving on', () => {
    const blocks = [0, 1, 2, 3].map((index) => types.derivedAt(run, index));
    expect(blocks.map((entry) => entry?.header.number)).toEqual([7n, 8n, 9n, 10n]);
    expect(blocks.map((entry) => entry?.header.timestamp)).toEqual([100n, 112n, 124n, 136n]);
    expect(blocks.map((entry) => entry?.header.baseFeePerGas)).toEqual([30n, 20n, 20n, 20n]);
    expect(blocks.map((entry) => entry?.header.parentHash)).toEqual([types.ZERO_HASH, ...run.hashes.slice(0, 3)]);
    expect(blocks.map((entry) => entry && types.hashBlockHeader(entry.header))).toEqual(run.hashes);
    expect(types.lastDerived(run)).toEqual(blocks[3]);
    expect([types.derivedAt(run, -1), types.derivedAt(run, 4)]).toEqual([null, null]);
  });

  test('has blocks that nothing else is taken for, and which stand on the state of its parent', () => {
    const header = types.derivedAt(run, 0)?.header ?? first;
    expect(types.isDerived(header)).toBe(true);
    expect(types.isDerived(block.header)).toBe(false);
    const derived = types.derivedBlock(block, header);
    expect(types.stateRootsOf(derived)).toEqual(types.stateRootsOf(block));
    expect(types.decodeBlock(types.encodeBlock(derived))).toEqual(derived);
  });
});
