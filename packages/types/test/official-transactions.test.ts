import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hexToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { decodeTransaction, recoverTransaction } from '../src/index.ts';

const FOLDER = new URL('../../../../shared/conformance/transaction-tests/', import.meta.url);

/** Rules that need more than the bytes: the chain, the fee market, the gas schedule. They are execution's. */
const BEYOND_THE_ENCODING = new Set([
  'INTRINSIC_GAS_TOO_LOW',
  'GASLIMIT_PRICE_PRODUCT_OVERFLOW',
  'PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2',
  'INITCODE_SIZE_EXCEEDED',
]);

interface Result {
  readonly exception?: string;
  readonly hash?: string;
  readonly sender?: string;
}

interface Vector {
  readonly txbytes: string;
  readonly result: Readonly<Record<string, Result>>;
}

describe('official transaction tests', () => {
  if (!existsSync(FOLDER)) {
    process.stderr.write('types: skipped the official vectors, ../shared/conformance/transaction-tests is not there\n');
    test.skip('transaction-tests', () => undefined);
    return;
  }

  test.each(readdirSync(FOLDER))('%s', (folder) => {
    for (const file of readdirSync(new URL(`${folder}/`, FOLDER))) {
      const vectors: Record<string, Vector> = JSON.parse(readFileSync(new URL(`${folder}/${file}`, FOLDER), 'utf8'));
      for (const [name, vector] of Object.entries(vectors)) check(name, vector);
    }
  });
});

function check(name: string, vector: Vector): void {
  const expected = vector.result.Cancun ?? Object.values(vector.result).at(-1) ?? {};
  const actual = run(vector.txbytes);
  if (expected.exception === undefined) {
    expect([name, actual]).toEqual([name, { hash: expected.hash, sender: expected.sender }]);
  } else if (BEYOND_THE_ENCODING.has(expected.exception.replace('TransactionException.', ''))) {
    expect([name, actual]).toEqual([name, expect.objectContaining({ hash: expect.any(String) })]);
  } else {
    expect([name, actual]).toEqual([name, null]);
  }
}

/** On the tests' chain, number 1; null when the transaction is refused. */
function run(txbytes: string): { readonly hash: string; readonly sender: string } | null {
  try {
    const signed = decodeTransaction(hexToBytes(txbytes));
    const { chainId } = signed.fields;
    const recovered = recoverTransaction(signed);
    if (recovered === null || (chainId !== null && chainId !== 1n)) return null;
    return { hash: recovered.hash, sender: recovered.sender };
  } catch (error) {
    expect(error).toHaveProperty('code', 'INVALID_TRANSACTION_ENCODING');
    return null;
  }
}
