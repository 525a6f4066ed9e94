export { KeyFileError, WeakPasswordError, WrongPasswordError } from './errors.ts';
export {
  createKey,
  exportKey,
  type HeldKey,
  holdKey,
  importKey,
  listKeys,
  onlyKey,
  passwordPathOf,
  type StoredKey,
} from './key-folder.ts';
export { type Keystore, readKeystore } from './keystore.ts';
export { createNetworkKey, type NetworkKey, newNetworkKey, readNetworkKey } from './network-key.ts';
export { readPasswordFile } from './password.ts';
