import { bytesToHex, EMPTY_BYTES } from '@heddle/primitives';
import { createLayer, genesisLayer } from '@heddle/state';
import { type Address, type RecoveredTransaction, ZERO_HASH } from '@heddle/types';
import {
  type BlockEnvironment,
  type ExecutionOutcome,
  executeTransaction,
  InvalidTransactionError,
  World,
} from '../../src/index.ts';
import { EthereumjsOracle, type OracleBlock, type TransactionFacts } from '../ethereumjs-oracle.ts';
import { Random } from '../random.ts';
import { BASE_FEE, BLOB_BASE_FEE, CHAIN_ID, EXCESS_BLOB_GAS, numbered, RandomWorld } from '../random-block.ts';
import { type FlatAccount, FlatState } from '../spread-state.ts';
import { compare, type Report } from './report.ts';

/** Enough of them to meet what earlier ones left, few enough for accounts that are not all ruined. */
export const WORLD_TRANSACTIONS = 60;
const BLOCK_TRANSACTIONS = 20;
const FUNDS = 10n ** 18n;
const CONTRACT_FUNDS = 5_000n;
export const PREV_RANDAO = `0x${'5a'.repeat(32)}` as const;

/** The accounts of a random world before its first block. */
export function accountsOf({ wallets, contracts }: RandomWorld): Map<Address, FlatAccount> {
  const storage = new Map<bigint, bigint>();
  const accounts = new Map<Address, FlatAccount>();
  for (const { address } of wallets) accounts.set(address, { nonce: 0n, balance: FUNDS, code: EMPTY_BYTES, storage });
  for (const { address, code } of contracts) {
    accounts.set(address, { nonce: 1n, balance: CONTRACT_FUNDS, code, storage });
  }
  return accounts;
}

/** What an executed transaction shows of itself. */
export function factsOf(outcome: ExecutionOutcome): TransactionFacts {
  return {
    status: outcome.status,
    gasUsed: outcome.gasUsed.toString(),
    returnData: bytesToHex(outcome.returnData),
    created: outcome.createdAddress,
    logs: outcome.logs.map((log) => [log.address, log.topics, bytesToHex(log.data)]),
  };
}

function environmentOf(block: OracleBlock): BlockEnvironment {
  return {
    ...block,
    chainId: CHAIN_ID,
    baseFeePerGas: BASE_FEE,
    prevRandao: PREV_RANDAO,
    blobBaseFee: BLOB_BASE_FEE,
    blockHash: () => null,
  };
}

function executeHere(world: World, block: OracleBlock, transaction: RecoveredTransaction): TransactionFacts | string {
  try {
    return factsOf(executeTransaction(world, environmentOf(block), transaction).outcome);
  } catch (error) {
    if (error instanceof InvalidTransactionError) return error.facts.reason;
    throw error;
  }
}

/** Executes a random world on one state, and compares each transaction, and the root after each block. */
export async function runOneState(seed: number, transactions: number, report: Report): Promise<void> {
  const accounts = new RandomWorld(new Random(seed), null);
  const oracle = await EthereumjsOracle.create(() => ZERO_HASH);
  const flat = new FlatState();
  for (const [address, account] of accountsOf(accounts)) {
    flat.put(address, account);
    await oracle.putAccount(address, account);
  }
  let state = genesisLayer(flat);
  const blocks = Math.ceil(transactions / BLOCK_TRANSACTIONS);
  for (let number = 1; number <= blocks; number++) {
    const block = {
      coinbase: numbered(0xc01bbace),
      number: BigInt(number),
      timestamp: 2_000_000_000n + BigInt(number),
      gasLimit: 60_000_000n,
      prevRandao: PREV_RANDAO,
      excessBlobGas: EXCESS_BLOB_GAS,
    };
    const world = new World(state);
    const left = transactions - (number - 1) * BLOCK_TRANSACTIONS;
    for (let index = 1; index <= Math.min(left, BLOCK_TRANSACTIONS); index++) {
      world.beginIndex(index);
      const nonceOf = (address: Address): bigint => world.unrecorded.account(address)?.nonce ?? 0n;
      const transaction = accounts.transaction(nonceOf, accounts.wallets);
      const where = `seed ${seed} block ${number} transaction ${index}`;
      const ours = executeHere(world, block, transaction);
      compare(report, where, transaction, ours, await oracle.execute(transaction.raw, block));
    }
    state = createLayer(state, world.changes());
    const root = await oracle.stateRoot();
    if (root !== state.root)
      report.differences.push(`seed ${seed} block ${number}: root ${state.root}, theirs ${root}`);
  }
}
