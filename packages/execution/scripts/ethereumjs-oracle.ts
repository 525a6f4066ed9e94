import { type Block, createBlock } from '@ethereumjs/block';
import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import type { EVMMockBlockchainInterface } from '@ethereumjs/evm';
import { createTxFromRLP } from '@ethereumjs/tx';
import { createAccount, createAddressFromString } from '@ethereumjs/util';
import { createVM, runTx, type VM } from '@ethereumjs/vm';
import { bigintToBytes, bytesToHex, hexToBytes } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import { verifyKzgProofByNoble } from './noble-kzg.ts';
import { BASE_FEE, CHAIN_ID } from './random-block.ts';
import type { FlatAccount } from './spread-state.ts';

/** What one transaction did, in a form that compares with `===` once printed. */
export interface TransactionFacts {
  readonly status: number;
  readonly gasUsed: string;
  readonly returnData: string;
  readonly created: string | null;
  readonly logs: readonly (readonly [string, readonly string[], string])[];
}

export interface OracleBlock {
  readonly coinbase: Address;
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  readonly prevRandao: string;
  /** Decides what a gas of blobs costs. */
  readonly excessBlobGas: bigint;
}

/** Without leading zeros, as tries hold words. */
function stripped(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start === -1 ? new Uint8Array(0) : bytes.subarray(start);
}

function withoutBlobs(): never {
  throw new Error('transactions are executed without their blobs');
}

/** The library has no KZG of its own. Proofs are verified by noble's pairings, with which our fast ones are compared. */
const KZG = {
  verifyProof: (commitment: string, z: string, y: string, proof: string): boolean =>
    verifyKzgProofByNoble(hexToBytes(commitment), hexToBytes(z), hexToBytes(y), hexToBytes(proof)),
  blobToKzgCommitment: withoutBlobs,
  computeBlobProof: withoutBlobs,
  verifyBlobProofBatch: withoutBlobs,
  computeCells: withoutBlobs,
  computeCellsAndProofs: withoutBlobs,
  recoverCellsAndProofs: withoutBlobs,
  verifyCellKzgProofBatch: withoutBlobs,
};

/** `@ethereumjs/vm` with Osaka rules. */
export class EthereumjsOracle {
  readonly #vm: VM;
  readonly #common: Common;

  private constructor(vm: VM, common: Common) {
    this.#vm = vm;
    this.#common = common;
  }

  /** `blockHash`: what BLOCKHASH gives. */
  static async create(blockHash: (number: bigint) => Hash): Promise<EthereumjsOracle> {
    const chain = { ...Mainnet, chainId: Number(CHAIN_ID) };
    const common = new Common({ chain, hardfork: Hardfork.Osaka, customCrypto: { kzg: KZG } });
    const blockchain: EVMMockBlockchainInterface = {
      getBlock: (number) => Promise.resolve({ hash: () => hexToBytes(blockHash(BigInt(number))) }),
      putBlock: () => Promise.resolve(),
      shallowCopy: () => blockchain,
    };
    return new EthereumjsOracle(await createVM({ common, blockchain }), common);
  }

  async putAccount(address: Address, { balance, nonce, code }: FlatAccount): Promise<void> {
    const target = createAddressFromString(address);
    await this.#vm.stateManager.putAccount(target, createAccount({ balance, nonce }));
    if (code.length > 0) await this.#vm.stateManager.putCode(target, code);
  }

  /** 0 clears the word. */
  async putStorage(address: Address, slot: bigint, value: bigint): Promise<void> {
    const bytes = value === 0n ? new Uint8Array(0) : bigintToBytes(value, 32);
    await this.#vm.stateManager.putStorage(createAddressFromString(address), bigintToBytes(slot, 32), stripped(bytes));
  }

  /** Executes one transaction; `null` when it is refused. */
  async execute(raw: Uint8Array, block: OracleBlock): Promise<TransactionFacts | string> {
    try {
      const tx = createTxFromRLP(raw, { common: this.#common });
      const result = await runTx(this.#vm, { tx, block: this.#block(block) });
      const logs = result.receipt.logs.map(
        ([address, topics, data]) =>
          [bytesToHex(address), topics.map((topic) => bytesToHex(topic)), bytesToHex(data)] as const,
      );
      return {
        status: result.execResult.exceptionError === undefined ? 1 : 0,
        gasUsed: result.totalGasSpent.toString(),
        returnData: bytesToHex(result.execResult.returnValue),
        created: result.execResult.exceptionError === undefined ? (result.createdAddress?.toString() ?? null) : null,
        logs,
      };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async stateRoot(): Promise<string> {
    return bytesToHex(await this.#vm.stateManager.getStateRoot());
  }

  #block(block: OracleBlock): Block {
    const header = {
      number: block.number,
      timestamp: block.timestamp,
      gasLimit: block.gasLimit,
      baseFeePerGas: BASE_FEE,
      coinbase: createAddressFromString(block.coinbase),
      mixHash: hexToBytes(block.prevRandao),
      difficulty: 0n,
      excessBlobGas: block.excessBlobGas,
      blobGasUsed: 0n,
    };
    return createBlock({ header }, { common: this.#common, skipConsensusFormatValidation: true });
  }
}
