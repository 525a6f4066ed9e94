import { dirname } from 'node:path';
import { createDurably, makeFolder, readSecret } from '@heddle/files';
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { KeyFileError } from './errors.ts';
import { MAX_NETWORK_KEY_BYTES } from './limits.ts';

/** Who a node is on the network, over all its runs. Not what it signs blocks with. */
export interface NetworkKey {
  /** ed25519, in libp2p's protobuf form. */
  readonly privateKey: Uint8Array;
  /** As it stands in multiaddresses: 12D3Koo… */
  readonly peerId: string;
}

/** Makes a key and the file that it is kept in, with its folder. Rejects with Node's EEXIST when there is one. */
export async function createNetworkKey(path: string): Promise<NetworkKey> {
  const key = await newNetworkKey();
  makeFolder(dirname(path));
  createDurably(path, `${Buffer.from(key.privateKey).toString('base64')}\n`);
  return key;
}

/** A key that is kept nowhere. */
export async function newNetworkKey(): Promise<NetworkKey> {
  const key = await generateKeyPair('Ed25519');
  return { privateKey: privateKeyToProtobuf(key), peerId: peerIdFromPrivateKey(key).toString() };
}

/** Throws `KeyFileError` and what `readSecret` throws. */
export function readNetworkKey(path: string): NetworkKey {
  const text = new TextDecoder().decode(readSecret(path, MAX_NETWORK_KEY_BYTES)).trim();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw malformed(path);
  return networkKey(path, Buffer.from(text, 'base64'));
}

function networkKey(path: string, bytes: Uint8Array): NetworkKey {
  const key = parseKey(path, bytes);
  if (key.type !== 'Ed25519') throw malformed(path);
  return { privateKey: Uint8Array.from(bytes), peerId: peerIdFromPrivateKey(key).toString() };
}

function parseKey(path: string, bytes: Uint8Array): ReturnType<typeof privateKeyFromProtobuf> {
  try {
    return privateKeyFromProtobuf(bytes);
  } catch {
    throw malformed(path);
  }
}

function malformed(path: string): KeyFileError {
  return new KeyFileError(path, 'it is no network key (an ed25519 private key of libp2p, in base64)');
}
