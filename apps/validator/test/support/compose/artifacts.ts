import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Hex, isHex, toHex } from 'viem';
import { compileContracts } from '../devnet-process.ts';

const requireFrom = createRequire(import.meta.url);

/** Init code that a package ships in the JSON of a compiler: solc's, Hardhat's and Waffle's shapes. */
export function initCode(path: string): Hex {
  const artifact = JSON.parse(readFileSync(requireFrom.resolve(path), 'utf8'));
  const found: unknown = artifact.bytecode ?? artifact.evm?.bytecode?.object;
  const code = typeof found === 'string' && !found.startsWith('0x') ? `0x${found}` : found;
  if (!isHex(code) || code.length <= 2) throw new Error(`${path} has no bytecode`);
  return code;
}

let compiling: ReturnType<typeof compileContracts> | null = null;

/** Init code of a contract of test-fixtures. They are compiled once a test file. */
export async function compiledInitCode(name: string): Promise<Hex> {
  compiling ??= compileContracts();
  const { [name]: contract } = await compiling;
  if (contract === undefined) throw new Error(`${name} was not compiled`);
  return contract.bytecode;
}

/** Multicall3's, which viem carries for calls without a deployment; internal to it, so it comes by path. */
export async function multicall3InitCode(): Promise<Hex> {
  const file = join(dirname(requireFrom.resolve('viem/package.json')), '_esm', 'constants', 'contracts.js');
  const { multicall3Bytecode }: { readonly multicall3Bytecode?: unknown } = await import(pathToFileURL(file).href);
  if (!isHex(multicall3Bytecode)) throw new Error('viem has no bytecode of Multicall3');
  return multicall3Bytecode;
}

/** Permit2's, the very bytes that were deployed on Ethereum. */
export function permit2InitCode(): Hex {
  const folder = dirname(requireFrom.resolve('hardhat-predeploy/package.json'));
  return toHex(readFileSync(join(folder, 'bin', '0x000000000022D473030F116dDEE9F6B43aC78BA3.bytecode')));
}

/** A transaction that deploys Safe's singleton factory on one chain ID, signed by Safe with a key of its own. */
export interface SingletonFactory {
  readonly signerAddress: Hex;
  readonly transaction: Hex;
  readonly address: Hex;
  readonly gasLimit: number;
  readonly gasPrice: number;
}

/** The one for devnets. */
export function singletonFactory(chainId: number): SingletonFactory {
  const path = `@safe-global/safe-singleton-factory/artifacts/${chainId}/deployment.json`;
  return JSON.parse(readFileSync(requireFrom.resolve(path), 'utf8'));
}
