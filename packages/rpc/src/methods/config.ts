import { crc32 } from 'node:zlib';
import { type Hex, hexToBytes } from '@heddle/primitives';
import {
  BEACON_ROOTS_ADDRESS,
  DIRECTORY_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  MESSENGER_ADDRESS,
  PRECOMPILE_ADDRESSES,
} from '@heddle/types';
import { requireBlock } from '../chain/resolve.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject } from '../json.ts';
import type { ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** What a client has to know of the rules and of the reach of this node before it relies on them. */
export function configMethods(chain: ChainReader): MethodTable {
  return {
    eth_config: method(0, async () => ({ current: await currentFork(chain), next: null, last: null })),
    eth_capabilities: method(0, () => capabilities(chain)),
  };
}

/** EIP-7910's names for Osaka's precompiles. */
const PRECOMPILES: JsonObject = {
  BLAKE2F: PRECOMPILE_ADDRESSES.blake2f,
  BLS12_G1ADD: PRECOMPILE_ADDRESSES.bls12G1Add,
  BLS12_G1MSM: PRECOMPILE_ADDRESSES.bls12G1Msm,
  BLS12_G2ADD: PRECOMPILE_ADDRESSES.bls12G2Add,
  BLS12_G2MSM: PRECOMPILE_ADDRESSES.bls12G2Msm,
  BLS12_MAP_FP2_TO_G2: PRECOMPILE_ADDRESSES.bls12MapToG2,
  BLS12_MAP_FP_TO_G1: PRECOMPILE_ADDRESSES.bls12MapToG1,
  BLS12_PAIRING_CHECK: PRECOMPILE_ADDRESSES.bls12Pairing,
  BN254_ADD: PRECOMPILE_ADDRESSES.bn254Add,
  BN254_MUL: PRECOMPILE_ADDRESSES.bn254Multiply,
  BN254_PAIRING: PRECOMPILE_ADDRESSES.bn254Pairing,
  ECREC: PRECOMPILE_ADDRESSES.ecrecover,
  ID: PRECOMPILE_ADDRESSES.identity,
  KZG_POINT_EVALUATION: PRECOMPILE_ADDRESSES.pointEvaluation,
  MODEXP: PRECOMPILE_ADDRESSES.modexp,
  P256VERIFY: PRECOMPILE_ADDRESSES.p256Verify,
  RIPEMD160: PRECOMPILE_ADDRESSES.ripemd160,
  SHA256: PRECOMPILE_ADDRESSES.sha256,
};

/** Those of Ethereum that are here (deposits and withdrawals belong to its beacon chain), and this network's own. */
const SYSTEM_CONTRACTS: JsonObject = {
  BEACON_ROOTS_ADDRESS,
  HEDDLE_DIRECTORY_ADDRESS: DIRECTORY_ADDRESS,
  HEDDLE_MESSENGER_ADDRESS: MESSENGER_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
};

/** EIP-7910. All of Osaka's rules hold from genesis on; no blobs are taken, so their target and maximum are 0. */
async function currentFork(chain: ChainReader): Promise<JsonObject> {
  const genesis = await requireBlock(chain, { kind: 'number', number: 0n });
  return {
    activationTime: 0,
    blobSchedule: { baseFeeUpdateFraction: 5_007_716, max: 0, target: 0 },
    chainId: quantity(chain.chainId),
    forkId: forkHash(genesis.hash),
    precompiles: PRECOMPILES,
    systemContracts: SYSTEM_CONTRACTS,
  };
}

/** EIP-6122: CRC-32 of the genesis hash, no fork having come after it. Four bytes. */
function forkHash(genesisHash: Hex): Hex {
  return `0x${crc32(hexToBytes(genesisHash)).toString(16).padStart(8, '0')}`;
}

/** Blocks, receipts and logs are kept for ever; state as far back as the node was told to. */
function capabilities(chain: ChainReader): JsonObject {
  const { block, hash } = chain.head();
  const whole = { disabled: false, oldestBlock: quantity(0) };
  const state = { disabled: false, oldestBlock: quantity(chain.oldestState()) };
  return {
    head: { number: quantity(block.header.number), hash },
    state,
    tx: whole,
    logs: whole,
    receipts: whole,
    blocks: whole,
    stateproofs: state,
  };
}
