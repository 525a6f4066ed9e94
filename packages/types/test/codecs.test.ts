import { bytesToHex, decodeRlp, encodeRlp, equalBytes, type RlpItem } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as types from '../src/index.ts';
import * as arbitrary from './arbitraries.ts';

/**
 * The two laws of every codec. decode(encode(x)) is x; and whatever bytes decode accepts, encode gives back, so that
 * nothing that is hashed or signed has two encodings.
 */
interface Codec {
  readonly name: string;
  readonly roundTrip: () => void;
  /** Encodings to be damaged. */
  readonly encoded: fc.Arbitrary<Uint8Array>;
  /** Decodes and encodes again; `between` runs before the latter. */
  readonly again: (bytes: Uint8Array, between?: () => void) => Uint8Array;
}

function codec<Value>(
  name: string,
  value: fc.Arbitrary<Value>,
  encode: (value: Value) => Uint8Array,
  decode: (bytes: Uint8Array) => Value,
): Codec {
  return {
    name,
    roundTrip: () =>
      fc.assert(
        fc.property(value, (original) => expect(decode(encode(original))).toEqual(original)),
        { numRuns: 40 },
      ),
    encoded: value.map(encode),
    again: (bytes, between = () => undefined) => {
      const value = decode(bytes);
      between();
      return encode(value);
    },
  };
}

const codecs: readonly Codec[] = [
  codec('transaction', arbitrary.signedTransaction, reencode, types.decodeTransaction),
  codec('impersonated transaction', arbitrary.impersonatedTransaction, reencode, types.decodeTransaction),
  codec('receipt', arbitrary.receipt, types.encodeReceipt, types.decodeReceipt),
  codec('block header', arbitrary.blockHeader, types.encodeBlockHeader, types.decodeBlockHeader),
  codec('chunk header', arbitrary.chunkHeader, types.encodeChunkHeader, types.decodeChunkHeader),
  codec('chunk', arbitrary.chunk, types.encodeChunk, types.decodeChunk),
  codec('section header', arbitrary.sectionHeader, types.encodeSectionHeader, types.decodeSectionHeader),
  codec('section', arbitrary.section, types.encodeSection, types.decodeSection),
  codec('block', arbitrary.block, types.encodeBlock, types.decodeBlock),
  codec('control state', arbitrary.controlState, types.encodeControlState, types.decodeControlState),
  codec('endorsement', arbitrary.endorsement, types.encodeEndorsement, types.decodeEndorsement),
  codec(
    'endorsement certificate',
    arbitrary.endorsementCertificate,
    types.encodeEndorsementCertificate,
    types.decodeEndorsementCertificate,
  ),
  codec('message', arbitrary.message, types.encodeMessage, types.decodeMessage),
  codec('block access list', arbitrary.blockAccessList, types.encodeAccessList, types.decodeAccessList),
  codec('vote', arbitrary.vote, types.encodeVote, types.decodeVote),
  codec('certificate', arbitrary.certificate, types.encodeCertificate, types.decodeCertificate),
  codec('proposal', arbitrary.proposal, types.encodeProposal, types.decodeProposal),
  codec('signed tuple', arbitrary.signedTuple, types.encodeSignedTuple, types.decodeSignedTuple),
  codec('evidence', arbitrary.evidenceReport, types.encodeEvidence, types.decodeEvidence),
  codec('status', arbitrary.status, types.encodeStatus, types.decodeStatus),
];

/** From the parts, not from `raw`, which would prove nothing. */
function reencode(transaction: types.SignedTransaction): Uint8Array {
  const { fields, signature } = transaction;
  if (!('sender' in signature)) return types.encodeTransaction(fields, signature).raw;
  if (fields.type !== 2) throw new Error(`an impersonated transaction of type ${fields.type}`);
  return types.encodeImpersonated(fields, signature.sender).raw;
}

/** How an attacker or a bug damages an encoding: in its bytes, and in its structure behind valid RLP. */
type Damage =
  | { readonly kind: 'set' | 'insert'; readonly at: number; readonly byte: number }
  | { readonly kind: 'cut' | 'remove'; readonly at: number }
  | { readonly kind: 'item'; readonly at: number; readonly change: number };

/** Items of all samples together that get every change: many samples of a small type, few of a large one. */
const ITEM_BUDGET = 200;

const ITEM_CHANGE_COUNT = itemChanges([]).length;

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('set' as const, 'insert' as const),
    at: fc.nat(),
    byte: fc.oneof(fc.constantFrom(0, 1, 0x80, 0x81, 0xc0, 0xff), fc.integer({ min: 0, max: 255 })),
  }),
  fc.record({ kind: fc.constantFrom('cut' as const, 'remove' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('item' as const), at: fc.nat(), change: fc.nat({ max: ITEM_CHANGE_COUNT - 1 }) }),
  fc.record({ kind: fc.constant('item' as const), at: fc.nat(), change: fc.nat({ max: ITEM_CHANGE_COUNT - 1 }) }),
);

function apply(bytes: Uint8Array, { at, ...change }: Damage): Uint8Array {
  const position = at % (bytes.length + 1);
  const before = bytes.subarray(0, position);
  switch (change.kind) {
    case 'set':
      return Uint8Array.of(...before, change.byte, ...bytes.subarray(position + 1));
    case 'insert':
      return Uint8Array.of(...before, change.byte, ...bytes.subarray(position));
    case 'cut':
      return before;
    case 'remove':
      return Uint8Array.of(...before, ...bytes.subarray(position + 1));
    case 'item':
      return changeItem(bytes, at, change.change);
  }
}

/** Ways to change one item of the structure; a list is [item] or nothing where the item goes. */
function itemChanges(item: RlpItem): (readonly RlpItem[])[] {
  const bytes = item instanceof Uint8Array ? item : new Uint8Array(0);
  const list = item instanceof Uint8Array ? [] : item;
  return [
    [],
    [item, item],
    [new Uint8Array(0)],
    [[]],
    [[item]],
    [Uint8Array.of(0, ...bytes)],
    [Uint8Array.of(...bytes, 0)],
    [bytes.subarray(1)],
    [Uint8Array.of(0)],
    [Uint8Array.of(2)],
    [Uint8Array.of(64)],
    [new Uint8Array(32).fill(0xff)],
    [new Uint8Array(33).fill(0xff)],
    [[...list].reverse()],
    [[...list, ...list.slice(-1)]],
  ];
}

function changeItem(bytes: Uint8Array, at: number, change: number): Uint8Array {
  const isTyped = (bytes[0] ?? 0xc0) < 0xc0;
  let root: RlpItem;
  try {
    root = decodeRlp(isTyped ? bytes.subarray(1) : bytes);
  } catch {
    // Damaged before: no structure to change.
    return bytes;
  }
  const target = at % countItems(root);
  let index = 0;
  const rebuild = (item: RlpItem): readonly RlpItem[] => {
    if (index++ === target) return itemChanges(item)[change] ?? [item];
    return item instanceof Uint8Array ? [item] : [item.flatMap(rebuild)];
  };
  const [changed = []] = rebuild(root);
  return isTyped ? Uint8Array.of(bytes[0] ?? 0, ...encodeRlp(changed)) : encodeRlp(changed);
}

function itemCount(bytes: Uint8Array): number {
  return countItems(decodeRlp((bytes[0] ?? 0xc0) < 0xc0 ? bytes.subarray(1) : bytes));
}

function countItems(item: RlpItem): number {
  return item instanceof Uint8Array ? 1 : item.reduce((sum, child) => sum + countItems(child), 1);
}

describe.each(codecs)('$name', ({ roundTrip, encoded, again }) => {
  test('round trip', roundTrip);

  /** Refused with a typed error, or canonical. */
  function judge(bytes: Uint8Array): void {
    let result: Uint8Array;
    try {
      result = again(bytes);
    } catch (error) {
      expect(error).toHaveProperty('code', expect.stringMatching(/^INVALID_(TRANSACTION_)?ENCODING$/));
      return;
    }
    if (!equalBytes(result, bytes)) expect(bytesToHex(result)).toBe(bytesToHex(bytes));
  }

  test('what is accepted is canonical: damage in any place', () => {
    fc.assert(
      fc.property(encoded, fc.array(damage, { minLength: 1, maxLength: 2 }), (bytes, damages) => {
        judge(damages.reduce(apply, bytes));
      }),
      { numRuns: 200 },
    );
  });

  test('what is accepted is canonical: every change of every item', () => {
    let left = ITEM_BUDGET;
    for (const bytes of fc.sample(encoded, { numRuns: 10, seed: 5 })) {
      const count = itemCount(bytes);
      if (left <= 0) break;
      left -= count;
      for (let item = 0; item < count; item++) {
        for (let change = 0; change < ITEM_CHANGE_COUNT; change++) judge(changeItem(bytes, item, change));
      }
    }
  });

  test('arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), judge));
  });

  test('the decoded value does not share memory with the input', () => {
    for (const bytes of fc.sample(encoded, { numRuns: 6, seed: 7 })) {
      const input = bytes.slice();
      expect(bytesToHex(again(input, () => input.fill(0xff)))).toBe(bytesToHex(bytes));
    }
  });
});
