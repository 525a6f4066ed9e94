import { bytesToBigint } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { callCode, push32, RETURN_TOP } from './support/evm-world.ts';

const LIMIT = 2n ** 256n;
const EDGES = [0n, 1n, 2n, 31n, 32n, 255n, 256n, 2n ** 128n, 2n ** 255n - 1n, 2n ** 255n, LIMIT - 1n];
const word = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.bigInt({ min: 0n, max: LIMIT - 1n }),
  fc.bigInt({ min: 0n, max: 300n }),
);

/** `operands[0]` is on the top of the stack. */
function run(opcode: string, operands: readonly bigint[]): bigint {
  const pushes = [...operands].reverse().map(push32).join('');
  const result = callCode({ code: `0x${pushes}${opcode}${RETURN_TOP}` });
  expect(result.status).toBe('success');
  return bytesToBigint(result.returnData);
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(256, value);
}

function signed(value: bigint): bigint {
  return BigInt.asIntN(256, value);
}

function floorPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = wrap(result * result);
    if (bit === '1') result = wrap(result * base);
  }
  return result;
}

const BINARY: readonly (readonly [string, string, (a: bigint, b: bigint) => bigint])[] = [
  ['ADD', '01', (a, b) => (a + b) % LIMIT],
  ['MUL', '02', (a, b) => (a * b) % LIMIT],
  ['SUB', '03', (a, b) => (LIMIT + a - b) % LIMIT],
  ['DIV', '04', (a, b) => (b === 0n ? 0n : a / b)],
  ['SDIV', '05', (a, b) => (b === 0n ? 0n : wrap(signed(a) / signed(b)))],
  ['MOD', '06', (a, b) => (b === 0n ? 0n : a % b)],
  ['SMOD', '07', (a, b) => (b === 0n ? 0n : wrap(signed(a) % signed(b)))],
  ['EXP', '0a', floorPower],
  ['LT', '10', (a, b) => (a < b ? 1n : 0n)],
  ['GT', '11', (a, b) => (a > b ? 1n : 0n)],
  ['SLT', '12', (a, b) => (signed(a) < signed(b) ? 1n : 0n)],
  ['SGT', '13', (a, b) => (signed(a) > signed(b) ? 1n : 0n)],
  ['EQ', '14', (a, b) => (a === b ? 1n : 0n)],
  ['AND', '16', (a, b) => a & b],
  ['OR', '17', (a, b) => a | b],
  ['XOR', '18', (a, b) => a ^ b],
  [
    'BYTE',
    '1a',
    (a, b) =>
      a > 31n
        ? 0n
        : BigInt(
            `0x${b
              .toString(16)
              .padStart(64, '0')
              .substr(Number(a) * 2, 2)}`,
          ),
  ],
  ['SHL', '1b', (a, b) => (a > 255n ? 0n : (b * 2n ** a) % LIMIT)],
  ['SHR', '1c', (a, b) => (a > 255n ? 0n : b / 2n ** a)],
  ['SAR', '1d', (a, b) => wrap(a > 255n ? (signed(b) < 0n ? -1n : 0n) : signed(b) >> a)],
  ['SIGNEXTEND', '0b', (a, b) => (a > 30n ? b : wrap(BigInt.asIntN(Number(a) * 8 + 8, b)))],
];

describe('arithmetic, comparison and bitwise operations follow the laws of integers', () => {
  test.each(BINARY)('%s', (_name, opcode, law) => {
    fc.assert(
      fc.property(word, word, (a, b) => run(opcode, [a, b]) === law(a, b)),
      { numRuns: 60 },
    );
  });

  test('ADDMOD and MULMOD do not wrap before the modulus', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, n) => {
        expect(run('08', [a, b, n])).toBe(n === 0n ? 0n : (a + b) % n);
        expect(run('09', [a, b, n])).toBe(n === 0n ? 0n : (a * b) % n);
      }),
      { numRuns: 40 },
    );
  });

  test('NOT, ISZERO and CLZ (EIP-7939)', () => {
    fc.assert(
      fc.property(word, (a) => {
        expect(run('19', [a])).toBe(LIMIT - 1n - a);
        expect(run('15', [a])).toBe(a === 0n ? 1n : 0n);
        expect(run('1e', [a])).toBe(BigInt(256 - (a === 0n ? 0 : a.toString(2).length)));
      }),
      { numRuns: 40 },
    );
  });
});
