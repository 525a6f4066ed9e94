import { startLanePool } from '@heddle/execution';
import { bigintToBytes } from '@heddle/primitives';
import { signTransaction } from '@heddle/types';
import { expect, test } from '@jest/globals';
import { lanePoolEntry } from '../src/lanes/lane-pool-entry.ts';

test('the workers of a node begin at its entry and do jobs', async () => {
  const pool = startLanePool({ workers: 1, entry: lanePoolEntry });
  const transactions = [1n, 2n, 3n].map((key) =>
    signTransaction(
      {
        type: 0,
        chainId: null,
        nonce: key,
        gasPrice: 1n,
        gasLimit: 21_000n,
        to: null,
        value: 0n,
        data: new Uint8Array(0),
      },
      bigintToBytes(key, 32),
    ),
  );
  expect(await pool.recover(transactions)).toEqual(transactions.map(({ sender }) => sender));
  await pool.close();
});
