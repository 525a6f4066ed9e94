import { bytesToHex, hexToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeAbiParameters, encodeFunctionData, getAddress, parseAbi as parseSignatures } from 'viem/utils';
import { createAbiBook, parseAbi } from '../../src/devnet/abi/abi-book.ts';
import { parseAbiFields } from '../../src/devnet/abi/abi-type.ts';
import { type AbiValue, decodeValues } from '../../src/devnet/abi/decode-values.ts';
import { formatCall, inFull, inShort } from '../../src/devnet/abi/format-values.ts';

/** A type as the compiler writes it, with values of it as viem takes them. */
interface TypeSample {
  readonly parameter: {
    readonly name: string;
    readonly type: string;
    readonly components?: readonly TypeSample['parameter'][];
  };
  readonly values: fc.Arbitrary<unknown>;
}

const bits = fc.integer({ min: 1, max: 32 }).map((bytes) => bytes * 8);

const elementary: fc.Arbitrary<TypeSample> = fc.oneof(
  bits.map((size) => sample(`uint${size}`, fc.bigInt({ min: 0n, max: 2n ** BigInt(size) - 1n }))),
  bits.map((size) =>
    sample(`int${size}`, fc.bigInt({ min: -(2n ** BigInt(size - 1)), max: 2n ** BigInt(size - 1) - 1n })),
  ),
  fc.constant(sample('bool', fc.boolean())),
  fc.constant(sample('address', hex(20, 20))),
  fc.constant(sample('bytes', hex(0, 70))),
  fc.constant(sample('string', fc.string({ unit: 'grapheme', maxLength: 40 }))),
  fc.integer({ min: 1, max: 32 }).map((size) => sample(`bytes${size}`, hex(size, size))),
);

const anyType: fc.Arbitrary<TypeSample> = fc.letrec<{ type: TypeSample }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    elementary,
    tie('type').map(({ parameter, values }) => ({
      parameter: { ...parameter, type: `${parameter.type}[]` },
      values: fc.array(values, { maxLength: 3 }),
    })),
    fc.tuple(tie('type'), fc.integer({ min: 1, max: 3 })).map(([{ parameter, values }, length]) => ({
      parameter: { ...parameter, type: `${parameter.type}[${length}]` },
      values: fc.array(values, { minLength: length, maxLength: length }),
    })),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((members) => {
      const components = members.map(({ parameter }, index) => ({ ...parameter, name: `f${index}` }));
      const entries = members.map(({ values }, index) => [`f${index}`, values] as const);
      return { parameter: { name: '', type: 'tuple', components }, values: fc.record(Object.fromEntries(entries)) };
    }),
  ),
})).type;

function sample(type: string, values: fc.Arbitrary<unknown>): TypeSample {
  return { parameter: { name: '', type }, values };
}

function hex(minBytes: number, maxBytes: number): fc.Arbitrary<string> {
  return fc.uint8Array({ minLength: minBytes, maxLength: maxBytes }).map((bytes) => bytesToHex(bytes));
}

/** The decoder's value as viem takes it. */
function plain(value: AbiValue): unknown {
  switch (value.kind) {
    case 'bytes':
      return bytesToHex(value.value);
    case 'text':
      return new TextDecoder().decode(value.value);
    case 'list':
      return value.items.map(plain);
    case 'tuple':
      return Object.fromEntries(value.fields.map((field) => [field.name, plain(field.value)]));
    default:
      return value.value;
  }
}

function fieldsOf(parameters: readonly TypeSample['parameter'][]): NonNullable<ReturnType<typeof parseAbiFields>> {
  const fields = parseAbiFields(parameters);
  if (fields === null) throw new Error(`not understood: ${JSON.stringify(parameters)}`);
  return fields;
}

describe('ABI data', () => {
  test('of any types decodes to what viem encoded, whatever follows it', () => {
    const cases = fc.array(anyType, { maxLength: 4 }).chain((types) =>
      fc.record({
        parameters: fc.constant(types.map(({ parameter }) => parameter)),
        values: fc.tuple(...types.map(({ values }) => values)),
        more: fc.uint8Array({ maxLength: 40 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ parameters, values, more }) => {
        const encoded = hexToBytes(encodeAbiParameters(parameters, values));
        const decoded = decodeValues(fieldsOf(parameters), new Uint8Array([...encoded, ...more]));
        expect(decoded?.map(({ value }) => plain(value))).toEqual(values);
      }),
      { numRuns: 150 },
    );
  });

  test('of any bytes is null or a value, never more than is allowed', () => {
    const words = fc.oneof(
      fc.integer({ min: 0, max: 256 }).map((value) => value.toString(16).padStart(64, '0')),
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes).slice(2)),
    );
    fc.assert(
      fc.property(anyType, fc.array(words, { maxLength: 12 }), ({ parameter }, data) => {
        const decoded = decodeValues(fieldsOf([parameter]), hexToBytes(`0x${data.join('')}`));
        expect(decoded === null || decoded.length === 1).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('that points to the same bytes again and again is refused, and so is a length without bytes', () => {
    const nested = fieldsOf([{ name: '', type: `uint256${'[]'.repeat(12)}` }]);
    const word = (value: number): string => value.toString(16).padStart(64, '0');
    // Twelve lists of eight items each, and every item is the list behind: 8^12 values in 3 kB.
    const lists = `${word(8)}${word(8 * 32).repeat(8)}`.repeat(12);
    expect(decodeValues(nested, hexToBytes(`0x${word(32)}${lists}`))).toBeNull();
    const empty = fieldsOf([{ name: '', type: 'uint256[]' }]);
    expect(decodeValues(empty, hexToBytes(`0x${word(32)}${'f'.repeat(64)}`))).toBeNull();
  });
});

describe('ABIs', () => {
  const abi = parseSignatures([
    'function transfer(address to, uint256 amount)',
    'function note(string text, bytes data)',
    'struct Order { address maker; uint8[] lots }',
    'function fill(Order[] orders)',
    'error Insufficient(uint256 have, uint256 want)',
  ]);
  const book = createAbiBook(parseAbi(abi));
  const alice = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

  function shown(data: `0x${string}`): string | null {
    const call = book.decode('function', hexToBytes(data));
    return call === null ? null : formatCall(call.name, call.values, inShort);
  }

  test('name a call and its values', () => {
    expect(shown(encodeFunctionData({ abi, functionName: 'transfer', args: [alice, 5n] }))).toBe(
      'transfer(to: 0xf39F…2266, amount: 5)',
    );
    const args = [[{ maker: getAddress(alice), lots: [1, 2] }]] as const;
    expect(shown(encodeFunctionData({ abi, functionName: 'fill', args }))).toBe(
      'fill(orders: [(maker: 0xf39F…2266, lots: [1, 2])])',
    );
  });

  test('show full addresses where asked', () => {
    const data = hexToBytes(encodeFunctionData({ abi, functionName: 'transfer', args: [alice, 5n] }));
    const call = book.decode('function', data);
    expect(formatCall(call?.name ?? '', call?.values ?? [], inFull)).toBe(`transfer(to: ${alice}, amount: 5)`);
  });

  test('show long values as far as a line goes, and nothing that drives a terminal', () => {
    const long = shown(encodeFunctionData({ abi, functionName: 'note', args: ['x'.repeat(9_000), '0x'] }));
    expect(long?.length).toBeLessThan(260);
    expect(long?.endsWith('…')).toBe(true);
    const hidden = shown(
      encodeFunctionData({ abi, functionName: 'note', args: ['\u001b[2J\n\u202e', `0x${'ab'.repeat(40)}`] }),
    );
    expect(hidden).toBe(`note(text: "\\u001b[2J\\n\\u202e", data: 0x${'ab'.repeat(32)}… (40 bytes))`);
  });

  test('do not know other selectors, nor data that does not fit', () => {
    expect(shown('0x')).toBeNull();
    expect(shown('0xdeadbeef')).toBeNull();
    expect(shown('0xa9059cbb')).toBeNull();
    expect(book.decode('error', hexToBytes('0xa9059cbb'))).toBeNull();
  });

  test('of several functions with one selector the one that fits is taken', () => {
    // Both hash to 0x42966c68.
    const colliding = createAbiBook(
      parseAbi(parseSignatures(['function collate_propagate_storage(bytes16 x)', 'function burn(uint256 amount)'])),
    );
    const data = encodeFunctionData({ abi: parseSignatures(['function burn(uint256 amount)']), args: [7n] });
    const call = colliding.decode('function', hexToBytes(data));
    expect(call?.name).toBe('burn');
  });

  test('leave out what is none', () => {
    const strange = [null, 7, 'x', {}, { type: 'function', name: 'a b', inputs: [] }, { type: 'function', name: 'f' }];
    expect(parseAbi(strange).map(({ name }) => name)).toEqual(['f']);
    expect(parseAbi([{ type: 'function', name: 'f', inputs: [{ type: 'uint7' }] }])).toEqual([]);
    expect(parseAbi([{ type: 'function', name: 'f', inputs: [{ type: 'tuple' }] }])).toEqual([]);
    expect(parseAbi([{ type: 'error', name: 'E', inputs: {} }])).toEqual([]);
  });
});
