import { bytesToHex, type Hex, hexToBytes } from '@heddle/primitives';
import { type Address, signTransaction, type UnsignedTransaction } from '@heddle/types';
import { encodeDeployData, encodeFunctionData, getContractAddress, parseAbi } from 'viem';
import { deriveAccounts } from '../../apps/validator/src/devnet/accounts.ts';
import { initCode } from '../../apps/validator/test/support/compose/artifacts.ts';
import { rpc } from '../../apps/validator/test/support/devnet-process.ts';

const MNEMONIC = 'test test test test test test test test test test test junk';
const CHAIN_ID = 31_337n;
const TOKEN = parseAbi([
  'constructor(uint256 supply)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function balanceOf(address owner) view returns (uint256)',
]);
/** Transfers of the token in the one large block. */
const TRANSFERS = 20;
const POLL_MS = 20;
const TIMEOUT_MS = 20_000;
const MOST_FILLS = 20;

/** An account that both networks fund. */
export interface Sender {
  readonly address: Address;
  readonly privateKey: Uint8Array;
}

/** What was put on a network, the same on each. */
export interface Content {
  readonly token: Hex;
  readonly owner: Address;
  /** Number of the block with the transfers. */
  readonly block: Hex;
}

export function senders(count: number): readonly Sender[] {
  return deriveAccounts(MNEMONIC, count);
}

/** Raw bytes of a signed transfer of 1 wei to somebody, in hex. */
export function signedTransfer({ privateKey, address }: Sender, nonce: number): Hex {
  return signed(privateKey, {
    nonce: BigInt(nonce),
    gasLimit: 21_000n,
    to: address,
    value: 1n,
    data: new Uint8Array(0),
  });
}

/**
 * A token, and a block with 20 transfers of it. They come with nonces that are not their turn yet, then the one before them: so all
 * can be executed at once. A devnet's block takes what fits into its time, and a cold or busy machine fits less: it is
 * done again until one block has all. Throws when none does, since what is asked later would differ.
 */
export async function fill(url: string, owner: Sender): Promise<Content> {
  const bytecode = initCode('@uniswap/v2-core/build/ERC20.json');
  await send(url, signedCall(owner, 0, null, encodeDeployData({ abi: TOKEN, bytecode, args: [10n ** 24n] })));
  await nonceReaches(url, owner.address, 1);
  const token = getContractAddress({ from: owner.address, nonce: 0n });
  for (let nonce = 1; nonce < MOST_FILLS * TRANSFERS; nonce += TRANSFERS) {
    await transferAll(url, owner, token, nonce);
    const block = await rpc(url, 'eth_getBlockByNumber', ['latest', false]);
    const { number, transactions }: { number: Hex; transactions: readonly Hex[] } = JSON.parse(JSON.stringify(block));
    if (transactions.length === TRANSFERS) return { token, owner: owner.address, block: number };
  }
  throw new Error(`no block of ${url} takes ${TRANSFERS} transfers`);
}

async function transferAll(url: string, owner: Sender, token: Hex, firstNonce: number): Promise<void> {
  const next = firstNonce + TRANSFERS;
  for (let nonce = next - 1; nonce >= firstNonce; nonce--) {
    const to: Hex = `0x${(0x1000 + nonce).toString(16).padStart(40, '0')}`;
    const data = encodeFunctionData({ abi: TOKEN, functionName: 'transfer', args: [to, 10n ** 18n] });
    await send(url, signedCall(owner, nonce, token, data));
  }
  await nonceReaches(url, owner.address, next);
}

/** Data of a call that reads the owner's balance. */
export function balanceOf(owner: Hex): Hex {
  return encodeFunctionData({ abi: TOKEN, functionName: 'balanceOf', args: [owner] });
}

/** Waits until the latest block has executed so many transactions of the account. */
export async function nonceReaches(url: string, address: Hex, nonce: number): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const reached = Number(await rpc(url, 'eth_getTransactionCount', [address, 'latest']));
    if (reached >= nonce) return;
    if (performance.now() > deadline) throw new Error(`${address} has nonce ${reached} after 20 s, expected ${nonce}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function signedCall({ privateKey }: Sender, nonce: number, to: Hex | null, data: Hex): Hex {
  const bytes = hexToBytes(data);
  return signed(privateKey, {
    nonce: BigInt(nonce),
    gasLimit: to === null ? 3_000_000n : 100_000n,
    to,
    value: 0n,
    data: bytes,
  });
}

function signed(
  privateKey: Uint8Array,
  fields: Pick<UnsignedTransaction, 'nonce' | 'gasLimit' | 'to' | 'value' | 'data'>,
): Hex {
  const { raw } = signTransaction(
    {
      ...fields,
      type: 2,
      chainId: CHAIN_ID,
      maxFeePerGas: 1_000_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
      accessList: [],
    },
    privateKey,
  );
  return bytesToHex(raw);
}

async function send(url: string, raw: Hex): Promise<void> {
  await rpc(url, 'eth_sendRawTransaction', [raw]);
}
