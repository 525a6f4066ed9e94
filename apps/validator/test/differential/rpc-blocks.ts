import { type Block, createBlockFromRPC, type JSONRPCBlock } from '@ethereumjs/block';
import type { Common } from '@ethereumjs/common';
import { bytesToHex, isHexString, type PrefixedHexString } from '@ethereumjs/util';
import { rpc } from '../support/devnet-process.ts';

/** An account of the genesis. */
export interface GenesisAccount {
  readonly address: PrefixedHexString;
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: PrefixedHexString;
  /** Words that are not zero, 32 bytes each. */
  readonly storage: readonly (readonly [slot: PrefixedHexString, word: PrefixedHexString])[];
}

/** A receipt as JSON-RPC shows it, without what only places it. */
export interface RpcReceipt {
  readonly transactionHash: string;
  readonly from: string;
  readonly status: string;
  readonly gasUsed: string;
  readonly cumulativeGasUsed: string;
  readonly effectiveGasPrice: string;
  readonly contractAddress: string | null;
  readonly logsBloom: string;
  readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
}

/** The block with all its transactions; throws when its fields do not hash to the hash that RPC names. */
export async function readBlock(url: string, number: number, common: Common): Promise<Block> {
  const answer = await rpc(url, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, true]);
  if (!isBlock(answer)) throw new Error(`block ${number} came as ${JSON.stringify(answer)}`);
  const block = createBlockFromRPC(answer, [], { common });
  const hash = bytesToHex(block.hash());
  if (hash !== answer.hash) throw new Error(`block ${number} hashes to ${hash}, RPC says ${answer.hash}`);
  return block;
}

/** Receipts of all transactions of the block. */
export async function readReceipts(url: string, number: number): Promise<readonly RpcReceipt[]> {
  const answer = await rpc(url, 'eth_getBlockReceipts', [`0x${number.toString(16)}`]);
  if (!Array.isArray(answer) || !answer.every(isReceipt)) throw new Error(`the receipts of ${number} are malformed`);
  return answer;
}

/** The account as it is at block 0, with its storage in `slots`. */
export async function readGenesisAccount(
  url: string,
  address: PrefixedHexString,
  slots: readonly PrefixedHexString[] = [],
): Promise<GenesisAccount> {
  const [balance, nonce, code] = await Promise.all(
    ['eth_getBalance', 'eth_getTransactionCount', 'eth_getCode'].map((method) => rpc(url, method, [address, '0x0'])),
  );
  if (typeof balance !== 'string' || typeof nonce !== 'string' || typeof code !== 'string' || !isHexString(code)) {
    throw new Error(`account ${address} came as ${balance}, ${nonce}, ${code}`);
  }
  const storage = await Promise.all(
    slots.map(async (slot) => [slot, await readGenesisWord(url, address, slot)] as const),
  );
  const set = storage.filter(([, word]) => BigInt(word) !== 0n);
  return { address, balance: BigInt(balance), nonce: BigInt(nonce), code, storage: set };
}

/** A word of storage at block 0, 32 bytes. */
export async function readGenesisWord(
  url: string,
  address: PrefixedHexString,
  slot: PrefixedHexString,
): Promise<PrefixedHexString> {
  const word = await rpc(url, 'eth_getStorageAt', [address, slot, '0x0']);
  if (typeof word !== 'string' || !isHexString(word)) throw new Error(`slot ${slot} of ${address} came as ${word}`);
  return word;
}

/** What `createBlockFromRPC` does not look at before it reads it. */
function isBlock(value: unknown): value is JSONRPCBlock {
  return hasMembers(value, ['hash', 'parentHash', 'number', 'stateRoot', 'transactions']);
}

function isReceipt(value: unknown): value is RpcReceipt {
  return hasMembers(value, ['transactionHash', 'status', 'gasUsed', 'logs', 'logsBloom']);
}

function hasMembers(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}
