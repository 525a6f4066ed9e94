import { create, decrypt, type IKdfModule, type IKeystore, isValidKeystore } from '@chainsafe/bls-keystore';
import { readBounded } from '@heddle/files';
import { blsPublicKey, bytesToHex, HeddleError, type Hex } from '@heddle/primitives';
import { KeyFileError, WrongPasswordError } from './errors.ts';
import { MAX_KEYSTORE_BYTES, MAX_PBKDF2_ITERATIONS, MAX_SCRYPT_BLOCKS } from './limits.ts';
import { requireStrong } from './password.ts';

/** A keystore of EIP-2335, locked. */
export interface Keystore {
  readonly path: string;
  /** What the file says; `open` compares it with the key. */
  readonly publicKey: Hex;
  /** As it stands in the file. */
  readonly text: string;
  /** The secret key, 32 bytes. Rejects with `WrongPasswordError` or `KeyFileError`. */
  open(password: string): Promise<Uint8Array>;
}

const VERSION = 4;

/** The text of a new keystore, with PBKDF2: scrypt takes seconds here, and passwords that are made need neither. Rejects with `WeakPasswordError`. */
export async function encryptKey(secretKey: Uint8Array, password: string): Promise<string> {
  requireStrong(password);
  // The path is that of EIP-2334, where a key is derived from words: this one is not.
  const keystore = await create(password, secretKey, blsPublicKey(secretKey), '', 'Heddle validator');
  return `${JSON.stringify(keystore, null, 2)}\n`;
}

/** Reads a keystore without opening it. Throws `KeyFileError` and what `readBounded` throws. */
export function readKeystore(path: string): Keystore {
  const text = new TextDecoder().decode(readBounded(path, MAX_KEYSTORE_BYTES));
  const keystore = parseKeystore(path, text);
  return {
    path,
    publicKey: `0x${keystore.pubkey.toLowerCase()}`,
    text,
    open: (password) => openKeystore(path, keystore, password),
  };
}

function parseKeystore(path: string, text: string): IKeystore {
  const keystore = parseJson(text);
  if (!isValidKeystore(keystore) || keystore.version !== VERSION || !/^[0-9a-f]{96}$/i.test(keystore.pubkey)) {
    throw new KeyFileError(path, 'it is no keystore of a BLS key (EIP-2335, version 4)');
  }
  if (isTooMuchWork(keystore.crypto.kdf)) {
    throw new KeyFileError(path, 'its key derivation asks for more work than any keystore should');
  }
  return keystore;
}

async function openKeystore(path: string, keystore: IKeystore, password: string): Promise<Uint8Array> {
  const secretKey = await decrypted(path, keystore, password);
  if (publicKeyOf(path, secretKey) !== `0x${keystore.pubkey.toLowerCase()}`) {
    throw new KeyFileError(path, 'the key in it is not that of its pubkey: the file was changed');
  }
  return secretKey;
}

/** What the library throws is not passed on: it is not ours to say what stands in there. */
async function decrypted(path: string, keystore: IKeystore, password: string): Promise<Uint8Array> {
  try {
    return await decrypt(keystore, password);
  } catch {
    throw new WrongPasswordError(path);
  }
}

function publicKeyOf(path: string, secretKey: Uint8Array): Hex {
  try {
    return bytesToHex(blsPublicKey(secretKey));
  } catch (error) {
    if (error instanceof HeddleError) throw new KeyFileError(path, 'what it holds is no BLS secret key');
    throw error;
  }
}

function isTooMuchWork(kdf: IKdfModule): boolean {
  if (kdf.function === 'pbkdf2') return kdf.params.c > MAX_PBKDF2_ITERATIONS;
  return kdf.params.n * kdf.params.r * kdf.params.p > MAX_SCRYPT_BLOCKS;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
