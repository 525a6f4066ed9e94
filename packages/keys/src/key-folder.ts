import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createDurably, type FileLock, makeFolder, systemErrorCode, takeLock, writeDurably } from '@heddle/files';
import { blsProvePossession, blsPublicKey, blsSecretKeyFromSeed, bytesToHex, type Hex } from '@heddle/primitives';
import { KeyFileError } from './errors.ts';
import { encryptKey, type Keystore, readKeystore } from './keystore.ts';
import { MAX_LISTED_KEYSTORES } from './limits.ts';
import { newPassword, readPasswordFile } from './password.ts';

/** A key that has just been put into a folder. */
export interface StoredKey {
  readonly publicKey: Hex;
  /** For a genesis, or for the registry: nobody is a validator without. */
  readonly proofOfPossession: Hex;
  readonly keystorePath: string;
  readonly passwordPath: string;
}

/** A key that this process holds: no other one on this machine opens it meanwhile. */
export interface HeldKey {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
  readonly lock: FileLock;
}

/** KeyGen's randomness: more than the 32 bytes that it needs, as EIP-2333 advises. */
const SEED_BYTES = 48;

/** Makes a key. Without a password a good one is made. Rejects with `WeakPasswordError`. */
export function createKey(folder: string, password: string | null): Promise<StoredKey> {
  return storeKey(folder, blsSecretKeyFromSeed(randomBytes(SEED_BYTES)), password ?? newPassword());
}

/** Takes in a keystore from elsewhere, under its own password. Rejects with what opening it rejects with. */
export async function importKey(folder: string, keystore: Keystore, password: string): Promise<StoredKey> {
  return writeKey(folder, await keystore.open(password), keystore.text, password);
}

/** The text of a keystore of the same key under another password. Rejects with what opening it rejects with. */
export async function exportKey(keystore: Keystore, password: string): Promise<string> {
  return encryptKey(await keystore.open(readPasswordFile(passwordPathOf(keystore.path))), password);
}

/** All keystores of a folder, by name. A folder that is not there has none. Throws `KeyFileError`. */
export function listKeys(folder: string): readonly Keystore[] {
  const names = namesIn(folder).filter((name) => name.endsWith('.json'));
  if (names.length > MAX_LISTED_KEYSTORES) {
    throw new KeyFileError(folder, `it has more than ${MAX_LISTED_KEYSTORES} keystores`);
  }
  return names.sort().map((name) => readKeystore(join(folder, name)));
}

/** The one keystore of a folder. Throws `KeyFileError` where there is none, or where there are several. */
export function onlyKey(folder: string): Keystore {
  const [first, ...others] = listKeys(folder);
  if (first === undefined) throw new KeyFileError(folder, 'there is no keystore in it');
  if (others.length > 0) {
    throw new KeyFileError(folder, `there are ${others.length + 1} keystores in it; say which one is meant`);
  }
  return first;
}

/** Opens a key for signing and keeps other processes from it. Rejects with `LockHeldError`, `WrongPasswordError`, `KeyFileError`. */
export async function holdKey(keystore: Keystore, passwordPath: string): Promise<HeldKey> {
  const password = readPasswordFile(passwordPath);
  const lock = takeLock(`${keystore.path}.lock`);
  try {
    const secretKey = await keystore.open(password);
    return { publicKey: blsPublicKey(secretKey), secretKey, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Where the password of a keystore lies unless something else is said. */
export function passwordPathOf(keystorePath: string): string {
  return `${keystorePath.replace(/\.json$/, '')}.password`;
}

async function storeKey(folder: string, secretKey: Uint8Array, password: string): Promise<StoredKey> {
  return writeKey(folder, secretKey, await encryptKey(secretKey, password), password);
}

/** The password first: a keystore without it would be of no use, and a password without one gives way to the next. */
function writeKey(folder: string, secretKey: Uint8Array, text: string, password: string): StoredKey {
  const publicKey = bytesToHex(blsPublicKey(secretKey));
  const keystorePath = join(folder, `${publicKey}.json`);
  const passwordPath = passwordPathOf(keystorePath);
  makeFolder(folder);
  if (existsSync(keystorePath)) throw new KeyFileError(keystorePath, 'this key is there already');
  writeDurably(passwordPath, `${password}\n`);
  createDurably(keystorePath, text);
  return { publicKey, proofOfPossession: bytesToHex(blsProvePossession(secretKey)), keystorePath, passwordPath };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
