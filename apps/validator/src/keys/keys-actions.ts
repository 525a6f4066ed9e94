import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createDurably, lockHolder } from '@heddle/files';
import {
  createKey,
  exportKey,
  importKey,
  type Keystore,
  listKeys,
  onlyKey,
  readKeystore,
  readNetworkKey,
  readPasswordFile,
  type StoredKey,
} from '@heddle/keys';
import { KeysError } from '../errors.ts';
import type { ExportKeyFlags, KeysActions, ListKeysFlags } from '../flags/keys-commands.ts';
import { withKeys } from './key-errors.ts';

type Print = (text: string) => void;

/** The `keys` commands, over the files of @heddle/keys. They reject with `KeysError`. */
export function keysActions(print: Print): KeysActions {
  return {
    create: ({ dir, passwordFile, json }) =>
      withKeys(async () => {
        const password = passwordFile === null ? null : readPasswordFile(passwordFile);
        print(storedKeyText(await createKey(dir, password), json));
      }),
    importKey: ({ dir, keystore, passwordFile, json }) =>
      withKeys(async () => {
        const stored = await importKey(dir, readKeystore(keystore), readPasswordFile(passwordFile));
        print(storedKeyText(stored, json));
      }),
    exportKey: (flags) => withKeys(() => exportTo(flags, print)),
    list: (flags) => withKeys(async () => print(listText(flags))),
  };
}

async function exportTo({ dir, key, passwordFile, file }: ExportKeyFlags, print: Print): Promise<void> {
  const keystore = key === null ? onlyKey(dir) : keyNamed(dir, key);
  const text = await exportKey(keystore, readPasswordFile(passwordFile));
  if (file === null) print(text);
  else createDurably(file, text);
}

function keyNamed(dir: string, beginning: string): Keystore {
  const [found, ...others] = listKeys(dir).filter(({ publicKey }) => publicKey.startsWith(beginning));
  if (found === undefined) throw new KeysError(`${dir}: no public key in it begins with ${beginning}`);
  if (others.length > 0)
    throw new KeysError(`${dir}: several public keys in it begin with ${beginning}; give more of it`);
  return found;
}

function storedKeyText(stored: StoredKey, json: boolean): string {
  if (json) return `${JSON.stringify(stored)}\n`;
  return [
    `public key           ${stored.publicKey}`,
    `proof of possession  ${stored.proofOfPossession}`,
    `keystore             ${stored.keystorePath}`,
    `password             ${stored.passwordPath}`,
    '',
  ].join('\n');
}

function listText({ dir, json }: ListKeysFlags): string {
  const keys = listKeys(dir).map(({ publicKey, path }) => ({ publicKey, path, pid: lockHolder(`${path}.lock`) }));
  const networkKeyPath = join(dir, 'network.key');
  const peerId = existsSync(networkKeyPath) ? readNetworkKey(networkKeyPath).peerId : null;
  if (json) return `${JSON.stringify({ keys, peerId })}\n`;
  const lines = keys.map(({ publicKey, pid }) => `${publicKey}  ${pid === null ? 'free' : `open in process ${pid}`}`);
  const network = peerId === null ? [] : [`network key of peer ${peerId}`];
  return [...(keys.length === 0 ? ['no keystores'] : lines), ...network, ''].join('\n');
}
