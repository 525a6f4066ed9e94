import { bytesToHex, hexToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeAbiParameters, toFunctionSelector } from 'viem/utils';
import { consoleLines } from '../../src/devnet/console-log/console-message.ts';
import { anvilConsole } from '../support/anvil-console.ts';
import { findAnvil } from '../support/compose/anvil-process.ts';

/** A call of console.sol. */
interface Logged {
  readonly types: readonly string[];
  readonly values: readonly unknown[];
}

const text = fc.oneof(
  fc.constantFrom('', '%s', '%d and %s', '%%s %i', 'x%', '%x|%o|%e', '%18e', '%5d', '%z %s', '%2', '%%%d', 'gas: %d!'),
  fc
    .array(fc.constantFrom('%', 's', 'd', 'i', 'o', 'x', 'e', '7', ' ', 'é', '→', 'z'), { maxLength: 12 })
    .map((parts) => parts.join('')),
);

const UNSIGNED = fc.tuple(
  fc.constant('uint256'),
  fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 20n }), fc.constant(2n ** 256n - 1n)),
);
const SIGNED = fc.tuple(fc.constant('int256'), fc.bigInt({ min: -(10n ** 20n), max: -1n }));
const TEXT = fc.tuple(fc.constant('string'), text);
const FLAG = fc.tuple(fc.constant('bool'), fc.boolean());
const ADDRESS = fc.tuple(
  fc.constant('address'),
  fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => bytesToHex(bytes)),
);

/** What Foundry's console.sol has: signed numbers alone or behind a text. */
const logged: fc.Arbitrary<Logged> = fc
  .oneof(
    { arbitrary: fc.array(fc.oneof(UNSIGNED, TEXT, FLAG, ADDRESS), { maxLength: 4 }), weight: 6 },
    { arbitrary: fc.tuple(SIGNED), weight: 1 },
    { arbitrary: fc.tuple(TEXT, SIGNED), weight: 1 },
  )
  .map((all) => ({ types: all.map(([type]) => type), values: all.map(([, value]) => value) }));

function payload({ types, values }: Logged, name = 'log', spelled: readonly string[] = types): Uint8Array {
  const selector = toFunctionSelector(`${name}(${types.join(',')})`);
  const other = spelled === types ? selector : rawSelector(`${name}(${spelled.join(',')})`);
  return hexToBytes(
    `${other}${encodeAbiParameters(
      types.map((type) => ({ type })),
      values,
    ).slice(2)}`,
  );
}

/** viem would read `uint` as `uint256` first. */
function rawSelector(signature: string): string {
  return OLD_SELECTORS[signature] ?? '';
}

/** As in console.sol before Hardhat 2.16. */
const OLD_SELECTORS: Readonly<Record<string, string>> = {
  'log(uint)': '0xf5b1bba9',
  'log(int)': '0x4e0c1d1d',
  'log(string,uint)': '0x9710a9d0',
  'log(uint,uint,uint,uint)': '0x5ca0ad3e',
};

describe('console.log', () => {
  const binary = findAnvil();

  test('shows what anvil shows, for any values', async () => {
    expect(binary).not.toBeNull();
    const samples = fc.sample(logged, { numRuns: 120, seed: 20 });
    const payloads = samples.map((sample) => payload(sample));
    const theirs = await anvilConsole(binary ?? '', payloads);
    expect(payloads.map((bytes) => consoleLines(bytes).join('\n'))).toEqual(theirs);
  });

  test.each([
    ['uint256', 7n, 'logUint', '7'],
    ['int256', -7n, 'logInt', '-7'],
    ['string', 'hi', 'logString', 'hi'],
    ['bool', true, 'logBool', 'true'],
    ['bytes', '0x0102', 'logBytes', '0x0102'],
    ['bytes1', '0xab', 'logBytes1', '0xab'],
    ['bytes32', `0x${'ab'.repeat(32)}`, 'logBytes32', `0x${'ab'.repeat(32)}`],
    [
      'address',
      '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
      'logAddress',
      '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    ],
  ])('of one %s has two names', (type, value, name, shown) => {
    const call = { types: [type], values: [value] };
    expect(consoleLines(payload(call))).toEqual([shown]);
    expect(consoleLines(payload(call, name))).toEqual([shown]);
  });

  test.each([
    [['uint256'], [3n], ['uint'], '3'],
    [['int256'], [-3n], ['int'], '-3'],
    [['string', 'uint256'], ['n =', 3n], ['string', 'uint'], 'n = 3'],
    [['uint256', 'uint256', 'uint256', 'uint256'], [1n, 2n, 3n, 4n], ['uint', 'uint', 'uint', 'uint'], '1 2 3 4'],
  ])('with the selector of old versions: %j', (types, values, spelled, shown) => {
    expect(consoleLines(payload({ types, values }, 'log', spelled))).toEqual([shown]);
  });

  test('takes signed numbers anywhere', () => {
    const call = { types: ['int256', 'bool', 'int256'], values: [-1n, true, 2n] };
    expect(consoleLines(payload(call))).toEqual(['-1 true 2']);
  });

  test('keeps its lines, and nothing that drives a terminal', () => {
    const values = ['one\n\ttwo \u001b[2J\r\u202e'];
    expect(consoleLines(payload({ types: ['string'], values }))).toEqual(['one', '\ttwo \\u001b[2J\\u000d\\u202e']);
  });

  test('of no known function, or one that is cut, shows the bytes; long ones are cut', () => {
    expect(consoleLines(hexToBytes('0xdeadbeef'))).toEqual(['0xdeadbeef (4 bytes that console.sol does not make)']);
    expect(consoleLines(new Uint8Array())).toEqual(['0x (0 bytes that console.sol does not make)']);
    expect(consoleLines(payload({ types: ['string'], values: ['hi'] }).subarray(0, 40))[0]).toContain('(40 bytes');
    expect(consoleLines(new Uint8Array(1_000_000))[0]?.length).toBeLessThan(140);
    const long = consoleLines(payload({ types: ['string'], values: ['x'.repeat(60_000)] }));
    expect(long[0]?.length).toBe(8_193);
    const zeros = consoleLines(payload({ types: ['string', 'uint256'], values: ['%99999999e', 1n] }));
    expect(zeros[0]?.length).toBe(130);
  });
});
