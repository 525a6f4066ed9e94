import { executeTransaction, World } from '@heddle/execution';
import { keccak256Hex } from '@heddle/primitives';
import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type RecoveredTransaction } from '@heddle/types';
import { environment } from './heddle-engine.ts';
import { balanceSlot, transferData, type Workload } from './workloads.ts';

const TRANSFERS = 2_000;

/**
 * Microseconds of a token transfer as a whole transaction, signature apart: validity, nonce, gas, EVM, receipt's logs,
 * fees, access list. Senders and recipients are all different, so nothing is warm and every recipient's slot is new.
 */
export function measureTransfers(token: Workload): number {
  const senders = Array.from({ length: TRANSFERS }, (_, index) => numbered(0x5e0000 + index));
  const world = new World(readerOf(token, senders));
  const transactions = senders.map((sender, index) => transactionOf(token, sender, numbered(0xec0000 + index)));
  const started = performance.now();
  for (const [index, transaction] of transactions.entries()) {
    world.beginIndex(index + 1);
    const { outcome } = executeTransaction(world, environment, transaction);
    if (outcome.status !== 1) throw new Error('a transfer failed');
  }
  return ((performance.now() - started) * 1_000) / TRANSFERS;
}

function transactionOf(token: Workload, sender: Address, to: Address): RecoveredTransaction {
  return {
    fields: {
      type: 2,
      chainId: environment.chainId,
      nonce: 0n,
      gasLimit: 100_000n,
      to: token.contract,
      value: 0n,
      data: transferData(to, 5n),
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      accessList: [],
    },
    signature: { yParity: 0, r: 1n, s: 1n },
    raw: new Uint8Array(0),
    hash: `0x${'00'.repeat(32)}`,
    sender,
  };
}

function readerOf(token: Workload, senders: readonly Address[]): StateReader {
  const common = { storageRoot: EMPTY_TRIE_ROOT, balance: 10n ** 18n };
  const person: Account = { ...common, nonce: 0n, codeHash: EMPTY_CODE_HASH };
  const contract: Account = { ...common, nonce: 1n, codeHash: keccak256Hex(token.code) };
  const people = new Set(senders);
  const balances = new Set(senders.map(balanceSlot));
  return {
    account: (address) => (address === token.contract ? contract : people.has(address) ? person : null),
    storage: (_address, slot) => (balances.has(slot) ? 1_000n : 0n),
    code: () => token.code,
  };
}

function numbered(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}
