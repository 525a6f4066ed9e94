import {
  allowanceSlot,
  balanceSlot,
  pairWords,
  swapData,
  transferData,
} from '../../packages/execution/test/support/workload/calls.ts';
import { compileWorkload } from '../../packages/execution/test/support/workload/compile.ts';
import {
  bigintToBytes,
  bytesToHex,
  keccak256,
  keccak256Hex,
  privateKeyToAddress,
} from '../../packages/primitives/src/index.ts';
import type { StateChanges } from '../../packages/state/src/index.ts';
import {
  type Address,
  EMPTY_CODE_HASH,
  type Hash,
  type RecoveredTransaction,
  signTransaction,
} from '../../packages/types/src/index.ts';

/** A block's transactions and the state that they run on. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly changes: StateChanges;
  readonly transactions: readonly RecoveredTransaction[];
}

/** Accounts in the state, senders among them; each has ether, and some of the token. */
export const HOLDERS = 200_000;
export const CHAIN_ID = 31_337n;
const PAIRS = 64;
const ETHER = 10n ** 18n;
const TOKENS_EACH = 10n ** 15n;
const GWEI = 10n ** 9n;
const ENDLESS: bigint = 2n ** 256n - 1n;

interface Person {
  readonly address: Address;
  readonly key: Uint8Array;
}

/** What makes a workload out of the number of its transactions. */
export type WorkloadMaker = (count: number) => Workload;

export const WORKLOADS: Readonly<Record<string, WorkloadMaker>> = {
  erc20: erc20Transfers,
  ether: etherTransfers,
  'swaps-1': (count) => swaps('swaps-1', count, 1),
  'swaps-64': (count) => swaps('swaps-64', count, PAIRS),
};

function etherTransfers(count: number): Workload {
  const senders = peopleOf(count);
  return {
    name: 'ether',
    title: `${count} ETH transfers, senders and recipients all distinct`,
    changes: { accounts: wealthy(senders), storage: new Map(), codes: new Map() },
    transactions: senders.map((sender, i) =>
      pay(sender, { to: holder(count + i), value: 1n + BigInt(i), data: new Uint8Array(0), gasLimit: 21_000n }),
    ),
  };
}

function erc20Transfers(count: number): Workload {
  const senders = peopleOf(count);
  const token = numbered(0xe20c20);
  const { code, changes } = withContracts(wealthy(senders));
  code(token, 'token');
  const words = new Map<bigint, bigint>();
  for (const { address } of senders) words.set(balanceSlot(address), TOKENS_EACH);
  for (let i = count; i < HOLDERS; i++) words.set(balanceSlot(holder(i)), TOKENS_EACH);
  changes.storage.set(token, words);
  return {
    name: 'erc20',
    title: `${count} ERC-20 transfers of one token, senders and recipients all distinct`,
    changes,
    transactions: senders.map((sender, i) =>
      pay(sender, { to: token, value: 0n, data: transferData(holder(count + i), 1n + BigInt(i)), gasLimit: 60_000n }),
    ),
  };
}

/** Every pair has two tokens of its own; transaction i goes to pair i modulo their number. */
function swaps(name: string, count: number, pairs: number): Workload {
  const senders = peopleOf(count);
  const { code, changes } = withContracts(wealthy(senders));
  const pairOf = (i: number): Address => numbered(0xa14000 + (i % pairs));
  const tokensOf = (i: number): readonly [Address, Address] => [
    numbered(0x70c000 + (i % pairs)),
    numbered(0x70d000 + (i % pairs)),
  ];
  for (let i = 0; i < pairs; i++) {
    const [first, second] = tokensOf(i);
    code(pairOf(i), 'pair');
    changes.storage.set(pairOf(i), new Map(pairWords(first, second, TOKENS_EACH * 1_000n)));
    for (const token of [first, second]) {
      code(token, 'token');
      changes.storage.set(token, new Map([[balanceSlot(pairOf(i)), TOKENS_EACH * 1_000n]]));
    }
  }
  for (const [i, { address }] of senders.entries()) {
    for (const token of tokensOf(i)) {
      changes.storage
        .get(token)
        ?.set(balanceSlot(address), TOKENS_EACH)
        .set(allowanceSlot(address, pairOf(i)), ENDLESS);
    }
  }
  return {
    name,
    title: `${count} swaps on ${pairs} constant-product pair(s), senders all distinct`,
    changes,
    transactions: senders.map((sender, i) =>
      pay(sender, {
        to: pairOf(i),
        value: 0n,
        data: swapData(i % 3 === 0, 1_000_000n + BigInt(i)),
        gasLimit: 200_000n,
      }),
    ),
  };
}

function pay(
  sender: Person,
  fields: { readonly to: Address; readonly value: bigint; readonly data: Uint8Array; readonly gasLimit: bigint },
): RecoveredTransaction {
  const fees = { maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };
  return signTransaction({ type: 2, chainId: CHAIN_ID, nonce: 0n, accessList: [], ...fees, ...fields }, sender.key);
}

type MutableAccounts = Map<Address, { nonce: bigint; balance: bigint; codeHash: Hash }>;

/** The senders, and holders without a known key up to `HOLDERS`. */
function wealthy(senders: readonly Person[]): MutableAccounts {
  const accounts: MutableAccounts = new Map();
  const rich = { nonce: 0n, balance: 100n * ETHER, codeHash: EMPTY_CODE_HASH };
  for (const { address } of senders) accounts.set(address, rich);
  for (let i = senders.length; i < HOLDERS; i++) accounts.set(holder(i), rich);
  return accounts;
}

interface ContractChanges {
  readonly changes: {
    readonly accounts: MutableAccounts;
    readonly storage: Map<Address, Map<bigint, bigint>>;
    readonly codes: Map<Hash, Uint8Array>;
  };
  /** Places a contract of Workload.sol. */
  code(address: Address, name: 'token' | 'pair'): void;
}

function withContracts(accounts: MutableAccounts): ContractChanges {
  const compiled = compileWorkload();
  const codes = new Map<Hash, Uint8Array>();
  return {
    changes: { accounts, storage: new Map(), codes },
    code: (address, name) => {
      const codeHash = keccak256Hex(compiled[name]);
      codes.set(codeHash, compiled[name]);
      accounts.set(address, { nonce: 1n, balance: 0n, codeHash });
    },
  };
}

function peopleOf(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, i) => {
    const key = bigintToBytes(BigInt(i + 1), 32);
    return { address: privateKeyToAddress(key), key };
  });
}

function holder(i: number): Address {
  return bytesToHex(keccak256(bigintToBytes(BigInt(i), 8)).subarray(12));
}

function numbered(n: number): Address {
  return `0x${n.toString(16).padStart(40, '0')}`;
}
