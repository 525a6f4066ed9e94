import { bytesToHex } from '@heddle/primitives';
import { type Address, encodeTransaction, type Hash, type UnsequencedMessage } from '@heddle/types';
import fc from 'fast-check';

export const address: fc.Arbitrary<Address> = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytesToHex);
const hash: fc.Arbitrary<Hash> = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex);

/** A message to any shard but `source`. */
export function unsequenced(source: number, shardCount: number): fc.Arbitrary<UnsequencedMessage> {
  const destination = fc.nat({ max: shardCount - 2 }).map((shard) => (shard >= source ? shard + 1 : shard));
  return fc
    .record({
      destination,
      id: hash,
      originTx: hash,
      sender: address,
      target: address,
      value: fc.bigInt(1n, 10n ** 24n),
    })
    .map((fields) => ({ kind: 'credit', ...fields }));
}

/** A Call of `gasLimit` with `dataLength` bytes; its signature is no one's. */
export function callOf(gasLimit: bigint, dataLength: number): Extract<UnsequencedMessage, { kind: 'call' }> {
  const sender: Address = '0x00000000000000000000000000000000000000aa';
  const target: Address = '0x00000000000000000000000000000000000000bb';
  const transaction = encodeTransaction(
    {
      type: 2,
      chainId: 1n,
      nonce: 0n,
      maxPriorityFeePerGas: 1n,
      maxFeePerGas: 10n,
      gasLimit,
      to: target,
      value: 0n,
      data: new Uint8Array(dataLength).fill(1),
      accessList: [],
    },
    { yParity: 0, r: 1n, s: 1n },
  );
  return {
    kind: 'call',
    id: transaction.hash,
    destination: 1,
    originTx: transaction.hash,
    sender,
    target,
    value: 0n,
    transaction: { ...transaction, sender },
    feeTerms: { baseFeePerGas: 7n, effectiveGasPrice: 8n },
    sourceGasUsed: 21_000n,
    calldataFloorGas: 21_000n,
  };
}
