import { randomBytes } from 'node:crypto';
import { readSecret } from '@heddle/files';
import { KeyFileError, WeakPasswordError } from './errors.ts';
import { MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARACTERS, PASSWORD_RANDOM_BYTES } from './limits.ts';

/** One that nobody has to remember, for a password file. */
export function newPassword(): string {
  return randomBytes(PASSWORD_RANDOM_BYTES).toString('base64url');
}

/** What stands in a password file, without the line feed that editors put behind it. Throws `KeyFileError` and what `readSecret` throws. */
export function readPasswordFile(path: string): string {
  const password = decode(path, readSecret(path, MAX_PASSWORD_BYTES)).replace(/\r?\n$/, '');
  if (password === '') throw new KeyFileError(path, 'it is empty, and should hold a password in one line');
  if (/[\r\n]/.test(password)) throw new KeyFileError(path, 'it has several lines, and should hold a password in one');
  return password;
}

/** For a keystore that is to be made. Throws `WeakPasswordError`. */
export function requireStrong(password: string): void {
  if ([...password].length < MIN_PASSWORD_CHARACTERS) throw new WeakPasswordError(MIN_PASSWORD_CHARACTERS);
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new KeyFileError(path, 'it is no text in UTF-8');
  }
}
