import type { Address } from '@heddle/types';
import { blake2f } from './blake2f.ts';
import { bls12G1Add, bls12G2Add } from './bls12-add.ts';
import { bls12MapToG1, bls12MapToG2 } from './bls12-map.ts';
import { bls12G1Msm, bls12G2Msm } from './bls12-msm.ts';
import { bls12Pairing } from './bls12-pairing.ts';
import { bn254Add } from './bn254-add.ts';
import { bn254Multiply } from './bn254-multiply.ts';
import { bn254Pairing } from './bn254-pairing.ts';
import { ecrecover } from './ecrecover.ts';
import { identity } from './identity.ts';
import { modexp } from './modexp.ts';
import { p256Verify } from './p256-verify.ts';
import { pointEvaluation } from './point-evaluation.ts';
import type { Precompile } from './precompile.ts';
import { ripemd160 } from './ripemd160.ts';
import { sha256 } from './sha256.ts';

/** By address. Every one of Osaka. */
const PRECOMPILES: ReadonlyMap<Address, Precompile> = new Map([
  [addressOf(0x01), ecrecover],
  [addressOf(0x02), sha256],
  [addressOf(0x03), ripemd160],
  [addressOf(0x04), identity],
  [addressOf(0x05), modexp],
  [addressOf(0x06), bn254Add],
  [addressOf(0x07), bn254Multiply],
  [addressOf(0x08), bn254Pairing],
  [addressOf(0x09), blake2f],
  [addressOf(0x0a), pointEvaluation],
  [addressOf(0x0b), bls12G1Add],
  [addressOf(0x0c), bls12G1Msm],
  [addressOf(0x0d), bls12G2Add],
  [addressOf(0x0e), bls12G2Msm],
  [addressOf(0x0f), bls12Pairing],
  [addressOf(0x10), bls12MapToG1],
  [addressOf(0x11), bls12MapToG2],
  [addressOf(0x100), p256Verify],
]);

export function isPrecompile(address: Address): boolean {
  return PRECOMPILES.has(address);
}

export function precompileAt(address: Address): Precompile | null {
  return PRECOMPILES.get(address) ?? null;
}

function addressOf(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}
