import { type Address, PRECOMPILE_ADDRESSES, type PrecompileAddress } from '@heddle/types';
import {
  bls12G1Add,
  bls12G1Msm,
  bls12G2Add,
  bls12G2Msm,
  bls12MapToG1,
  bls12MapToG2,
  bls12Pairing,
} from './bls12-381.ts';
import { bn254Add, bn254Multiply, bn254Pairing } from './bn254.ts';
import { blake2f, identity, ripemd160, sha256 } from './hashes.ts';
import { modexp } from './modexp.ts';
import { pointEvaluation } from './point-evaluation.ts';
import type { Precompile } from './precompile.ts';
import { ecrecover, p256Verify } from './signatures.ts';

/** Every address has its precompile: the type sees to it. */
const PRECOMPILES: Readonly<Record<PrecompileAddress, Precompile>> = {
  [PRECOMPILE_ADDRESSES.ecrecover]: ecrecover,
  [PRECOMPILE_ADDRESSES.sha256]: sha256,
  [PRECOMPILE_ADDRESSES.ripemd160]: ripemd160,
  [PRECOMPILE_ADDRESSES.identity]: identity,
  [PRECOMPILE_ADDRESSES.modexp]: modexp,
  [PRECOMPILE_ADDRESSES.bn254Add]: bn254Add,
  [PRECOMPILE_ADDRESSES.bn254Multiply]: bn254Multiply,
  [PRECOMPILE_ADDRESSES.bn254Pairing]: bn254Pairing,
  [PRECOMPILE_ADDRESSES.blake2f]: blake2f,
  [PRECOMPILE_ADDRESSES.pointEvaluation]: pointEvaluation,
  [PRECOMPILE_ADDRESSES.bls12G1Add]: bls12G1Add,
  [PRECOMPILE_ADDRESSES.bls12G1Msm]: bls12G1Msm,
  [PRECOMPILE_ADDRESSES.bls12G2Add]: bls12G2Add,
  [PRECOMPILE_ADDRESSES.bls12G2Msm]: bls12G2Msm,
  [PRECOMPILE_ADDRESSES.bls12Pairing]: bls12Pairing,
  [PRECOMPILE_ADDRESSES.bls12MapToG1]: bls12MapToG1,
  [PRECOMPILE_ADDRESSES.bls12MapToG2]: bls12MapToG2,
  [PRECOMPILE_ADDRESSES.p256Verify]: p256Verify,
};

/** What takes less time for its gas than plain operations do. */
const PROMPT: ReadonlySet<Precompile> = new Set([identity, sha256, ripemd160]);

/** Whether gas bounds its time as well as that of plain code: curves and large numbers take many times as long. */
export function isPrompt(precompile: Precompile): boolean {
  return PROMPT.has(precompile);
}

const BY_ADDRESS: ReadonlyMap<string, Precompile> = new Map(Object.entries(PRECOMPILES));

export function isPrecompile(address: Address): boolean {
  return BY_ADDRESS.has(address);
}

export function precompileAt(address: Address): Precompile | null {
  return BY_ADDRESS.get(address) ?? null;
}
