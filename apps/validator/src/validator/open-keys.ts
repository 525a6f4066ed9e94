import { existsSync } from 'node:fs';
import {
  createNetworkKey,
  type HeldKey,
  holdKey,
  type Keystore,
  type NetworkKey,
  onlyKey,
  passwordPathOf,
  readKeystore,
  readNetworkKey,
} from '@heddle/keys';
import { bytesToHex } from '@heddle/primitives';
import type { Genesis } from '@heddle/types';
import { KeysError } from '../errors.ts';
import type { ValidatorSettings } from '../flags/validator-flags.ts';
import { withKeys } from '../keys/key-errors.ts';
import type { ValidatorLayout } from './layout.ts';

type KeySettings = Pick<ValidatorSettings, 'keystore' | 'passwordFile' | 'networkKey' | 'joining'>;

/** Opens the key that a validator signs with. Rejects with `KeysError`. */
export function openSigningKey(layout: ValidatorLayout, genesis: Genesis, settings: KeySettings): Promise<HeldKey> {
  return withKeys(async () => {
    const keystore = chosenKeystore(layout, settings);
    // Before the password: that of another network's keystore is of no use here.
    if (!settings.joining && !isNamed(genesis, keystore.publicKey)) {
      throw new KeysError(
        `${keystore.path}: the genesis does not name its key ${keystore.publicKey}: it is the keystore of another network. ` +
          'If the registry of this chain is to name it later, give --joining',
      );
    }
    return holdKey(keystore, settings.passwordFile ?? passwordPathOf(keystore.path));
  });
}

/** Throws what `readKeystore` throws. */
export function chosenKeystore(layout: ValidatorLayout, { keystore }: Pick<KeySettings, 'keystore'>): Keystore {
  return keystore === null ? onlyKey(layout.keys) : readKeystore(keystore);
}

/** The key that names this node on the network; a new one at the first start. Rejects with `KeysError`. */
export function openNetworkKey(layout: ValidatorLayout, { networkKey }: KeySettings): Promise<NetworkKey> {
  const path = networkKey ?? layout.networkKey;
  return withKeys(async () => (existsSync(path) ? readNetworkKey(path) : createNetworkKey(path)));
}

function isNamed({ validators }: Genesis, publicKey: string): boolean {
  return validators.some((validator) => bytesToHex(validator.publicKey) === publicKey);
}
