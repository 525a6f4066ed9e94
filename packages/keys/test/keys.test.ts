import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ExposedFileError, identityOf, LockHeldError } from '@heddle/files';
import {
  createKey,
  createNetworkKey,
  exportKey,
  holdKey,
  importKey,
  KeyFileError,
  listKeys,
  onlyKey,
  readKeystore,
  readNetworkKey,
  readPasswordFile,
  WeakPasswordError,
  WrongPasswordError,
} from '@heddle/keys';
import { blsPublicKey, blsVerifyPossession, bytesToHex, hexToBytes } from '@heddle/primitives';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-keys-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** EIP-2335, test case PBKDF2. */
const OFFICIAL = {
  crypto: {
    kdf: {
      function: 'pbkdf2',
      params: {
        dklen: 32,
        c: 262144,
        prf: 'hmac-sha256',
        salt: 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
      },
      message: '',
    },
    checksum: {
      function: 'sha256',
      params: {},
      message: '8a9f5d9912ed7e75ea794bc5a89bca5f193721d30868ade6f73043c6ea6febf1',
    },
    cipher: {
      function: 'aes-128-ctr',
      params: { iv: '264daa3f303d7259501c93d997d84fe6' },
      message: 'cee03fde2af33149775b7223e7845e4fb2c8ae1792e5f99fe9ecf474cc8c16ad',
    },
  },
  description: 'This is a test keystore that uses PBKDF2 to secure the secret.',
  path: 'm/12381/60/0/0',
  pubkey: '9612d7a727c9d0a22e185a1c768478dfe919cada9266988cb32359c11f2b7b27f4ae4040902382ae2910c15e2b420d07',
  uuid: '64625def-3331-4eea-ab6f-782f3ed16a83',
  version: 4,
};
const OFFICIAL_PASSWORD = '𝔱𝔢𝔰𝔱𝔭𝔞𝔰𝔰𝔴𝔬𝔯𝔡🔑';
const OFFICIAL_SECRET = '0x000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f';

function official(changes: object = {}): ReturnType<typeof readKeystore> {
  writeFileSync(at('official'), JSON.stringify({ ...OFFICIAL, ...changes }));
  return readKeystore(at('official'));
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was refused');
}

describe('a key', () => {
  test('is made, listed, held and let go', async () => {
    const made = await createKey(folder, null);
    expect(blsVerifyPossession(hexToBytes(made.publicKey), hexToBytes(made.proofOfPossession))).toBe(true);
    expect(listKeys(folder).map(({ publicKey }) => publicKey)).toEqual([made.publicKey]);
    const held = await holdKey(onlyKey(folder), made.passwordPath);
    expect(bytesToHex(blsPublicKey(held.secretKey))).toBe(made.publicKey);
    expect(bytesToHex(held.publicKey)).toBe(made.publicKey);
    held.lock.release();
    (await holdKey(onlyKey(folder), made.passwordPath)).lock.release();
  });

  test('leaves only private files, and the secret in none of them', async () => {
    const { keystorePath, passwordPath } = await createKey(folder, null);
    await createNetworkKey(at('network.key'));
    const secret = bytesToHex((await holdKey(readKeystore(keystorePath), passwordPath)).secretKey).slice(2);
    const names = readdirSync(folder);
    expect(names).toHaveLength(4);
    for (const name of names) {
      expect(statSync(at(name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(at(name), 'utf8').toLowerCase()).not.toContain(secret);
    }
  });

  test('that another process has open is refused', async () => {
    const { keystorePath, passwordPath } = await createKey(folder, null);
    writeFileSync(`${keystorePath}.lock`, JSON.stringify(identityOf(process.ppid)));
    const refused = await failure(holdKey(readKeystore(keystorePath), passwordPath));
    expect(refused).toBeInstanceOf(LockHeldError);
    expect(refused.message).toContain(String(process.ppid));
  });

  test('two in one folder have to be told apart, none is an error too', async () => {
    expect(() => onlyKey(at('nowhere'))).toThrow(/no keystore/);
    await createKey(folder, null);
    await createKey(folder, null);
    expect(listKeys(folder)).toHaveLength(2);
    expect(() => onlyKey(folder)).toThrow(/2 keystores/);
  });

  test('is exported under another password, and imported as it is', async () => {
    const { keystorePath, publicKey } = await createKey(folder, null);
    const text = await exportKey(readKeystore(keystorePath), 'another password');
    writeFileSync(at('exported'), text);
    const exported = readKeystore(at('exported'));
    const imported = await importKey(at('new'), exported, 'another password');
    expect(imported.publicKey).toBe(publicKey);
    expect(readFileSync(imported.keystorePath, 'utf8')).toBe(text);
    expect(readPasswordFile(imported.passwordPath)).toBe('another password');
    const again = await failure(importKey(at('new'), exported, 'another password'));
    expect(again.message).toContain('there already');
  });

  test('is not made under a password that protects nothing', async () => {
    expect(await failure(createKey(folder, 'short12'))).toBeInstanceOf(WeakPasswordError);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a keystore of others', () => {
  test('is read: the test case of EIP-2335', async () => {
    expect(bytesToHex(await official().open(OFFICIAL_PASSWORD))).toBe(OFFICIAL_SECRET);
  });

  test('with a wrong password is refused, and neither is shown', async () => {
    const refused = await failure(official().open('my wrong password'));
    expect(refused).toBeInstanceOf(WrongPasswordError);
    const shown = inspect(refused, { depth: 9, showHidden: true });
    expect(shown).not.toContain('my wrong');
    expect(shown).not.toContain(OFFICIAL.crypto.cipher.message);
  });

  test('of another key than its pubkey is refused', async () => {
    const pubkey = '8612d7a727c9d0a22e185a1c768478dfe919cada9266988cb32359c11f2b7b27f4ae4040902382ae2910c15e2b420d07';
    const refused = await failure(official({ pubkey }).open(OFFICIAL_PASSWORD));
    expect(refused).toBeInstanceOf(KeyFileError);
    expect(refused.message).toContain('not that of its pubkey');
  });

  test.each([
    ['no JSON', '{'],
    ['no keystore', '{}'],
    ['another version', JSON.stringify({ ...OFFICIAL, version: 3 })],
    ['a short public key', JSON.stringify({ ...OFFICIAL, pubkey: '96' })],
    [
      'endless work',
      JSON.stringify({
        ...OFFICIAL,
        crypto: {
          ...OFFICIAL.crypto,
          kdf: { ...OFFICIAL.crypto.kdf, params: { ...OFFICIAL.crypto.kdf.params, c: 2 ** 40 } },
        },
      }),
    ],
  ])('is refused that has %s', (_what, text) => {
    writeFileSync(at('a'), text);
    expect(() => readKeystore(at('a'))).toThrow(KeyFileError);
  });
});

describe('a password file', () => {
  test.each([
    ['words with spaces \n', 'words with spaces '],
    ['words\r\n', 'words'],
    ['words', 'words'],
  ])('%j holds one line', (text, password) => {
    writeFileSync(at('p'), text, { mode: 0o600 });
    expect(readPasswordFile(at('p'))).toBe(password);
  });

  test.each(['', '\n', 'secret\nwords\n'])('%j is refused, and not shown', (text) => {
    writeFileSync(at('p'), text, { mode: 0o600 });
    expect(() => readPasswordFile(at('p'))).toThrow(/^(?!.*secret).*password/);
  });

  test('that others can read is refused', () => {
    writeFileSync(at('p'), 'words', { mode: 0o600 });
    chmodSync(at('p'), 0o644);
    expect(() => readPasswordFile(at('p'))).toThrow(ExposedFileError);
  });
});

describe('a network key', () => {
  test('is made once, and names the same peer ever after', async () => {
    const made = await createNetworkKey(at('network.key'));
    expect(made.privateKey).toHaveLength(68);
    expect(made.peerId).toMatch(/^12D3Koo/);
    expect(readNetworkKey(at('network.key'))).toEqual(made);
    await expect(createNetworkKey(at('network.key'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  test.each(['', 'c2VjcmV0', '!!secret', 'CAISIAAA'])('%j is none, and is not shown', (text) => {
    writeFileSync(at('k'), text, { mode: 0o600 });
    expect(() => readNetworkKey(at('k'))).toThrow(/no network key/);
  });
});
