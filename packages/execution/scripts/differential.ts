/**
 * Executes random transactions here and in `@ethereumjs/vm` (Osaka) and compares status, gas, return data, logs and
 * created address of each, and the state root after each block:
 *   npm run differential -- [--transactions N] [--seed N]
 * Transactions of all types among contracts of random code: calls of every precompile, creations, self-destructs,
 * delegations, recursion, access lists, too little gas. Prints one JSON line. Exit code 1 when anything differs.
 * A world of 60 transactions follows from its seed alone: `--transactions 60 --seed N` repeats that of seed N.
 */
import { readCommandLine, wholeNumber } from '@heddle/command-line';
import { bytesToHex, keccak256Hex } from '@heddle/primitives';
import { createLayer, genesisLayer, type StateSnapshot } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, type Hash, type RecoveredTransaction } from '@heddle/types';
import { type BlockEnvironment, executeTransaction, InvalidTransactionError, World } from '../src/index.ts';
import { EthereumjsOracle, type OracleBlock, type TransactionFacts } from './ethereumjs-oracle.ts';
import { Random } from './random.ts';
import { BASE_FEE, BLOB_BASE_FEE, CHAIN_ID, numbered, RandomWorld } from './random-block.ts';

/** Enough of them to meet what earlier ones left, few enough for accounts that are not all ruined. */
const WORLD_TRANSACTIONS = 60;
const BLOCK_TRANSACTIONS = 20;
const FUNDS = 10n ** 18n;
const CONTRACT_FUNDS = 5_000n;
const PREV_RANDAO = `0x${'5a'.repeat(32)}` as const;

interface Report {
  transactions: number;
  succeeded: number;
  failed: number;
  refused: number;
  logs: number;
  created: number;
  /** Executed, by type. */
  readonly types: Record<string, number>;
  readonly differences: string[];
}

async function prepare(accounts: RandomWorld, oracle: EthereumjsOracle): Promise<StateSnapshot> {
  const state = new Map<Address, { nonce: bigint; balance: bigint; codeHash: Hash }>();
  const codes = new Map<Hash, Uint8Array>();
  for (const { address } of accounts.wallets) {
    state.set(address, { nonce: 0n, balance: FUNDS, codeHash: EMPTY_CODE_HASH });
    await oracle.putAccount(address, FUNDS, 0n, new Uint8Array(0));
  }
  for (const { address, code } of accounts.contracts) {
    const codeHash = keccak256Hex(code);
    codes.set(codeHash, code);
    state.set(address, { nonce: 1n, balance: CONTRACT_FUNDS, codeHash });
    await oracle.putAccount(address, CONTRACT_FUNDS, 1n, code);
  }
  return genesisLayer({ accounts: state, storage: new Map(), codes });
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
    const { outcome } = executeTransaction(world, environmentOf(block), transaction);
    return {
      status: outcome.status,
      gasUsed: outcome.gasUsed.toString(),
      returnData: bytesToHex(outcome.returnData),
      created: outcome.createdAddress,
      logs: outcome.logs.map((log) => [log.address, log.topics, bytesToHex(log.data)]),
    };
  } catch (error) {
    if (error instanceof InvalidTransactionError) return error.facts.reason;
    throw error;
  }
}

function compare(
  report: Report,
  where: string,
  ours: TransactionFacts | string,
  theirs: TransactionFacts | string,
): void {
  report.transactions++;
  if (typeof ours === 'string' || typeof theirs === 'string') {
    if (typeof ours === 'string' && typeof theirs === 'string') report.refused++;
    else report.differences.push(`${where}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`);
    return;
  }
  if (ours.status === 1) report.succeeded++;
  else report.failed++;
  report.logs += ours.logs.length;
  if (ours.created !== null) report.created++;
  const [mine, other] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (mine !== other) report.differences.push(`${where}: ours ${mine}, theirs ${other}`);
}

function countType(report: Report, { fields }: RecoveredTransaction): void {
  report.types[fields.type] = (report.types[fields.type] ?? 0) + 1;
}

async function runWorld(seed: number, transactions: number, report: Report): Promise<void> {
  const accounts = new RandomWorld(new Random(seed));
  const oracle = await EthereumjsOracle.create();
  let state = await prepare(accounts, oracle);
  const blocks = Math.ceil(transactions / BLOCK_TRANSACTIONS);
  for (let number = 1; number <= blocks; number++) {
    const block = {
      coinbase: numbered(0xc01bbace),
      number: BigInt(number),
      timestamp: 2_000_000_000n + BigInt(number),
      gasLimit: 60_000_000n,
      prevRandao: PREV_RANDAO,
    };
    const world = new World(state);
    const left = transactions - (number - 1) * BLOCK_TRANSACTIONS;
    for (let index = 1; index <= Math.min(left, BLOCK_TRANSACTIONS); index++) {
      world.beginIndex(index);
      const transaction = accounts.transaction((address) => world.unrecorded.account(address)?.nonce ?? 0n);
      const where = `seed ${seed} block ${number} transaction ${index}`;
      const ours = executeHere(world, block, transaction);
      if (typeof ours !== 'string') countType(report, transaction);
      compare(report, where, ours, await oracle.execute(transaction.raw, block));
    }
    state = createLayer(state, world.changes());
    const root = await oracle.stateRoot();
    if (root !== state.root)
      report.differences.push(`seed ${seed} block ${number}: root ${state.root}, theirs ${root}`);
  }
}

async function main(): Promise<void> {
  const { flags } = await readCommandLine({
    runs: 'npm run differential --',
    about: 'Executes random transactions here and in @ethereumjs/vm and compares what comes out',
    words: '',
    flags: {
      transactions: { typed: '--transactions <N>', help: 'how many', kind: wholeNumber(1, 2 ** 32), usual: 600 },
      seed: { typed: '--seed <N>', help: 'of the first world', kind: wholeNumber(0, 2 ** 32), usual: 1 },
    },
  });
  const report: Report = {
    transactions: 0,
    succeeded: 0,
    failed: 0,
    refused: 0,
    logs: 0,
    created: 0,
    types: {},
    differences: [],
  };
  const wanted = flags.transactions;
  for (let world = 0; world * WORLD_TRANSACTIONS < wanted; world++) {
    const left = wanted - world * WORLD_TRANSACTIONS;
    await runWorld(flags.seed + world, Math.min(left, WORLD_TRANSACTIONS), report);
  }
  console.log(JSON.stringify(report));
  process.exitCode = report.differences.length === 0 ? 0 : 1;
}

await main();
