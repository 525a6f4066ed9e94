import type { Block } from '@ethereumjs/block';
import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { MerkleStateManager } from '@ethereumjs/statemanager';
import { bytesToHex, createAccount, createAddressFromString, hexToBytes, type KZG } from '@ethereumjs/util';
import { createVM, type RunBlockResult, runBlock, type VM } from '@ethereumjs/vm';
import type { GenesisAccount, RpcReceipt } from './rpc-blocks.ts';

/** Osaka rules under the devnet's chain ID. */
export function replayRules(chainId: number): Common {
  const customCrypto = { kzg: noProofs };
  return new Common({ chain: { ...Mainnet, chainId }, hardfork: Hardfork.Osaka, customCrypto });
}

/** Runs a chain's blocks with `@ethereumjs/vm`, from the same genesis and in order. */
export class Replay {
  readonly #vm: VM;
  readonly #hashes: Map<number, Uint8Array>;

  private constructor(vm: VM, hashes: Map<number, Uint8Array>) {
    this.#vm = vm;
    this.#hashes = hashes;
  }

  static async create(common: Common, genesis: Block, accounts: readonly GenesisAccount[]): Promise<Replay> {
    const hashes = new Map([[0, genesis.hash()]]);
    const stateManager = new MerkleStateManager({ common });
    const vm = await createVM({ common, stateManager, blockchain: blockHashes(hashes) });
    for (const { address, balance, nonce, code, storage } of accounts) {
      const at = createAddressFromString(address);
      await stateManager.putAccount(at, createAccount({ balance, nonce }));
      if (code !== '0x') await stateManager.putCode(at, hexToBytes(code));
      // The library strips the zeros that lead a word.
      for (const [slot, word] of storage) await stateManager.putStorage(at, hexToBytes(slot), hexToBytes(word));
    }
    const root = bytesToHex(await stateManager.getStateRoot());
    if (root !== bytesToHex(genesis.header.stateRoot)) throw new Error(`the genesis state is ${root} over there`);
    return new Replay(vm, hashes);
  }

  /**
   * What differs between the block with its receipts and what the other implementation makes of it. State root,
   * transactions root, receipts root, bloom and gas are compared by `runBlock`; header rules that need the parent
   * (timestamps rise by a second, the gas limit follows from the last) are not Heddle's and stay unchecked.
   */
  async run(block: Block, receipts: readonly RpcReceipt[]): Promise<readonly string[]> {
    this.#hashes.set(Number(block.header.number), block.hash());
    try {
      const result = await runBlock(this.#vm, { block, skipHeaderValidation: true });
      return compareReceipts(block, result, receipts);
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }
}

function compareReceipts(block: Block, result: RunBlockResult, receipts: readonly RpcReceipt[]): readonly string[] {
  if (receipts.length !== result.receipts.length) return [`${receipts.length} receipts over RPC`];
  return receipts.flatMap((receipt, index) => {
    const expected = JSON.stringify(expectedReceipt(block, result, index));
    const actual = JSON.stringify(comparable(receipt));
    return actual === expected ? [] : [`receipt ${index}: RPC says ${actual} instead of ${expected}`];
  });
}

/** The members that both sides have, in one order. */
function comparable(receipt: RpcReceipt): object {
  const { transactionHash, from, status, gasUsed, cumulativeGasUsed, effectiveGasPrice, contractAddress } = receipt;
  const logs = receipt.logs.map(({ address, topics, data }) => ({ address, topics, data }));
  const { logsBloom } = receipt;
  return {
    transactionHash,
    from,
    status,
    gasUsed,
    cumulativeGasUsed,
    effectiveGasPrice,
    contractAddress,
    logsBloom,
    logs,
  };
}

function expectedReceipt(block: Block, { receipts, results }: RunBlockResult, index: number): object {
  const transaction = block.transactions[index];
  const receipt = receipts[index];
  const result = results[index];
  if (transaction === undefined || receipt === undefined || result === undefined) throw new Error('no such receipt');
  const succeeded = result.execResult.exceptionError === undefined;
  const created = transaction.to === undefined && succeeded ? result.createdAddress : undefined;
  return {
    transactionHash: bytesToHex(transaction.hash()),
    from: transaction.getSenderAddress().toString(),
    status: succeeded ? '0x1' : '0x0',
    gasUsed: quantity(result.totalGasSpent),
    cumulativeGasUsed: quantity(receipt.cumulativeBlockGasUsed),
    effectiveGasPrice: quantity(result.amountSpent / result.totalGasSpent),
    // Named only when there is a contract now.
    contractAddress: created === undefined ? null : created.toString(),
    logsBloom: bytesToHex(receipt.bitvector),
    logs: receipt.logs.map(([address, topics, data]) => ({
      address: bytesToHex(address),
      topics: topics.map((topic) => bytesToHex(topic)),
      data: bytesToHex(data),
    })),
  };
}

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** What BLOCKHASH reads. */
type BlockHashSource = NonNullable<NonNullable<Parameters<typeof createVM>[0]>['blockchain']>;

function blockHashes(hashes: ReadonlyMap<number, Uint8Array>): BlockHashSource {
  const chain = {
    getBlock: async (number: number) => {
      const hash = hashes.get(number);
      if (hash === undefined) throw new Error(`block ${number} has not been run`);
      return { hash: () => hash };
    },
    putBlock: () => Promise.reject(new Error('blocks come from the devnet')),
    shallowCopy: () => chain,
  };
  return chain;
}

/** Random data never names the hash of a commitment, which is checked first: no proof is ever looked at. */
const noProofs: KZG = {
  verifyProof: unexpected,
  blobToKzgCommitment: unexpected,
  computeBlobProof: unexpected,
  verifyBlobProofBatch: unexpected,
  computeCells: unexpected,
  computeCellsAndProofs: unexpected,
  recoverCellsAndProofs: unexpected,
  verifyCellKzgProofBatch: unexpected,
};

function unexpected(): never {
  // An exception in here would count as a proof that does not hold.
  process.stderr.write('the traffic reached a KZG proof: the differential test has no library for those\n');
  process.exit(1);
}
