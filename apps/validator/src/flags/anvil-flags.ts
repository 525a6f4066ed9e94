import type { ForeignFlag } from '@heddle/command-line';
import type { ChainFlags, RunFlags } from './devnet-flags.ts';
import type { StartFlags } from './start-flags.ts';

/** anvil's spellings of flags that there are. */
export const ANVIL_ALIASES: Readonly<Record<string, keyof (ChainFlags & StartFlags & RunFlags)>> = {
  '-a <N>': 'accounts',
  '-m <M>': 'mnemonic',
  '-p <P>': 'port',
  '-q': 'quiet',
  '--no-mine': 'noMining',
  '--auto-unlock': 'autoImpersonate',
  '--block-base-fee-per-gas <WEI>': 'baseFeeWei',
  '--base-fee <WEI>': 'baseFeeWei',
  '--allow-origin <ORIGIN>': 'cors',
};

const FORKING =
  'a devnet does not fork: load contracts with --init or --load-state (a dump of anvil --fork-url will do)';
const CODE_SIZE = "contracts are as large as Ethereum's (EIP-170: 24,576 bytes); anvil_setCode takes up to 96 KiB";
const SECONDS = '--interval-mining is in seconds, --block-time in milliseconds and only the least time';
const KEPT_STATES = 'the states of the newest 128 blocks are kept, with --archive those of all';
const LOGS = 'what is logged is chosen with --log-level, --quiet and --silent';

/** The others of anvil 1.7, in the order of docs/devnet.md. */
export const ANVIL_FLAGS: readonly ForeignFlag[] = [
  same('--hardfork <NAME>', ['osaka', 'latest'], 'Osaka holds from the first block on'),
  same(
    '--order <ORDER>',
    ['fees'],
    'whoever makes a block takes what pays most (fees); nonces keep the order of one sender',
  ),
  same('--enable-tx-gas-limit', [null], 'always so (EIP-7825)'),
  same('--tx-gas-limit', [null], 'always so (EIP-7825)'),
  same('--steps-tracing', [null], 'traces of steps can always be asked for'),
  same('--tracing', [null], 'traces of steps can always be asked for'),
  same('--slots-in-an-epoch <N>', ['0', '1'], 'each block is final at once: safe and finalized are the latest one'),
  same('-n, --network <NETWORK>', ['ethereum'], 'it is Ethereum'),
  refused('-b <SECONDS>', SECONDS),
  refused('--blockTime <SECONDS>', SECONDS),
  refused('--mixed-mining', 'blocks come with transactions (the default) or with --interval-mining, not both'),
  refused('--code-size-limit <BYTES>', CODE_SIZE),
  refused('--disable-code-size-limit', CODE_SIZE),
  refused('-f, --fork-url <URL>', FORKING),
  refused('--rpc-url <URL>', FORKING),
  refused('--fork-block-number <N>', FORKING),
  refused('--fork-chain-id <N>', FORKING),
  refused('--fork-header <TEXT>', FORKING),
  refused('--fork-retry-backoff <MS>', FORKING),
  refused('--fork-transaction-hash <HASH>', FORKING),
  refused('--compute-units-per-second <N>', FORKING),
  refused('--no-rate-limit', FORKING),
  refused('--no-rpc-rate-limit', FORKING),
  refused('--no-storage-caching', FORKING),
  refused('--retries <N>', FORKING),
  refused('--timeout <MS>', FORKING),
  refused('--number <N>', 'genesis is block 0; anvil_mine goes on from there'),
  refused('--gas-price <WEI>', 'give the base fee, with --block-base-fee'),
  refused('--disable-block-gas-limit', 'validators check it; raise it with --gas-limit'),
  refused('--disable-min-priority-fee', 'there is no least priority fee'),
  refused('--no-priority-fee', 'there is no least priority fee'),
  refused('--disable-pool-balance-checks', 'who cannot pay has no place in the pool; anvil_setBalance helps'),
  refused('--disable-default-create2-deployer', 'the deployer is part of genesis'),
  refused('--no-create2', 'the deployer is part of genesis'),
  refused('--disable-console-log', LOGS),
  refused('--no-console-log', LOGS),
  refused('--print-traces', 'ask for them with debug_traceTransaction'),
  refused('--enable-trace-printing', 'ask for them with debug_traceTransaction'),
  refused('--memory-limit <BYTES>', 'gas limits memory, as on Ethereum'),
  refused('--max-transactions <N>', 'gas limits a block; give --gas-limit'),
  refused('--mnemonic-random [N]', 'make one yourself, and give it with --mnemonic'),
  refused('--mnemonic-seed-unsafe <SEED>', 'make words of it yourself, and give them with --mnemonic'),
  refused('-s, --state-interval <SECONDS>', 'the file is written at the end; --data-dir keeps each block at once'),
  refused('--preserve-historical-states', KEPT_STATES),
  refused('--prune-history [N]', KEPT_STATES),
  refused('--max-persisted-states <N>', KEPT_STATES),
  refused('--transaction-block-keeper <N>', 'blocks and their transactions are kept, all of them'),
  refused('--cache-path <DIR>', 'give a folder for the chain with --data-dir'),
  refused('-j, --threads <N>', 'worker threads are chosen with --lanes'),
  refused('--jobs <N>', 'worker threads are chosen with --lanes'),
  refused('--ipc [PATH]', 'there are HTTP and WebSocket, on one port'),
  refused('--ipcpath [PATH]', 'there are HTTP and WebSocket, on one port'),
  refused('--no-cors', 'web pages of other machines are refused unless --cors names them'),
  refused('--no-request-size-limit', 'requests have limits (docs/json-rpc.md)'),
  refused('--color <WHEN>', 'colours are for terminals; NO_COLOR is honoured'),
  refused('--md', LOGS),
  refused('-v, --verbosity', LOGS),
  refused('--celo', 'it is Ethereum'),
];

function same(typed: string, agrees: ForeignFlag['agrees'], why: string): ForeignFlag {
  return { typed, agrees, why };
}

function refused(typed: string, why: string): ForeignFlag {
  return { typed, agrees: [], why };
}
