import { HeddleError } from '@heddle/primitives';

/** A file that should hold a key or its password does not. Neither message nor facts show what it holds. */
export class KeyFileError extends HeddleError<{ readonly path: string }> {
  readonly code = 'KEY_FILE';

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`, { path });
  }
}

/** A password does not open a keystore. */
export class WrongPasswordError extends HeddleError<{ readonly keystore: string }> {
  readonly code = 'WRONG_PASSWORD';

  constructor(keystore: string) {
    super(`${keystore}: the password does not open it; look whether it is the password file of this keystore`, {
      keystore,
    });
  }
}

/** A password that protects nothing. */
export class WeakPasswordError extends HeddleError {
  readonly code = 'WEAK_PASSWORD';

  constructor(leastCharacters: number) {
    super(`the password is shorter than ${leastCharacters} characters; give a longer one, or let one be made`, {});
  }
}
