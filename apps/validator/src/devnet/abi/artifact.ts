import { equalBytes, hexToBytes, keccak256Hex } from '@heddle/primitives';
import { type AbiSignature, type KnownContract, parseAbi } from './abi-book.ts';

/** What a compiler's file says. */
export interface Artifact {
  readonly signatures: readonly AbiSignature[];
  /** Null where the file has no init code, or some that is to be linked first. */
  readonly contract: KnownContract | null;
}

const TAIL_BYTES = 48;

export const NO_ARTIFACT: Artifact = { signatures: [], contract: null };

/** Reads an artifact of Hardhat or Foundry, or a bare ABI; anything else has nothing. `fileName` is without its ending. */
export function parseArtifact(content: unknown, fileName: string): Artifact {
  if (Array.isArray(content)) return { ...NO_ARTIFACT, signatures: parseAbi(content) };
  if (typeof content !== 'object' || content === null || !('abi' in content) || !Array.isArray(content.abi))
    return NO_ARTIFACT;
  const named = 'contractName' in content ? content.contractName : fileName;
  const code = initCodeOf('bytecode' in content ? content.bytecode : null);
  return {
    signatures: parseAbi(content.abi),
    contract: code === null || typeof named !== 'string' ? null : knownContract(named, code),
  };
}

/** Hardhat has the text itself, Foundry an object. */
function initCodeOf(bytecode: unknown): Uint8Array | null {
  const isObject = typeof bytecode === 'object' && bytecode !== null && 'object' in bytecode;
  const text = isObject ? bytecode.object : bytecode;
  // Places for libraries are no hexadecimal digits.
  if (typeof text !== 'string' || !/^0x([0-9a-fA-F]{2})+$/.test(text)) return null;
  const code = hexToBytes(text);
  return code.length < TAIL_BYTES ? null : code;
}

/**
 * Known by its whole init code, which the arguments of the constructor follow in a transaction. The last bytes are compared
 * first: the hash of the source is there, so hardly two contracts have the same.
 */
function knownContract(contract: string, code: Uint8Array): KnownContract | null {
  if (!/^[\w$]{1,128}$/.test(contract)) return null;
  const { length } = code;
  const tail = code.slice(-TAIL_BYTES);
  const hash = keccak256Hex(code);
  return {
    contract,
    makes: (initCode) =>
      initCode.length >= length &&
      equalBytes(initCode.subarray(length - TAIL_BYTES, length), tail) &&
      keccak256Hex(initCode.subarray(0, length)) === hash,
  };
}
