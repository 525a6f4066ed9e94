import { type PeerId, peerOf } from '@heddle/network';
import {
  BLS_PUBLIC_KEY_BYTES,
  BLS_SIGNATURE_BYTES,
  blsVerify,
  concatBytes,
  decodeItem,
  EMPTY_BYTES,
  encodeRlp,
  FieldReader,
  hexToBytes,
  sha256,
  utf8ToBytes,
  writeHash,
  writeIndex,
  writeU64,
  writeUpTo,
} from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { InvalidFrameError, REFUSALS, type Refusal } from './errors.ts';
import { MAX_ADDRESS_BYTES, MAX_ADDRESSES_PER_PEER } from './limits.ts';

/** Raised with every change of what goes over a connection that an older program can't read. */
const VERSION = 1n;
export const SESSION_BYTES = 8;
const MAX_VERDICT = 255;

/** Everything else that a validator signs begins with a byte from 1 to 7, or is longer than a hash (`types/signing.ts`). */
const TAG = utf8ToBytes('HEDDLE_NETWORK_IDENTITY');

/** The validator key of a node. Only its network identity is signed here, never a vote. */
export interface NetworkIdentity {
  /** BLS public key, 48 bytes. */
  readonly publicKey: Uint8Array;
  /** A BLS signature over 32 bytes; 192 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** A validator key with a signature that binds it to one peer id on one chain. */
interface KeyProof {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** What each side of a connection says of itself first. */
export interface Hello {
  readonly version: bigint;
  readonly genesisHash: Hash;
  /** Chosen anew at each start: connections of an earlier one are dead. */
  readonly session: Uint8Array;
  /** Null for a node without a validator key. */
  readonly proof: KeyProof | null;
  /** Where it can be dialled. */
  readonly addresses: readonly string[];
}

/** SHA-256 over TAG ‖ genesis hash ‖ the peer id as text: what the validator key signs. */
export function identityMessage(genesisHash: Hash, peerId: string): Uint8Array {
  return sha256(concatBytes(TAG, hexToBytes(genesisHash), utf8ToBytes(peerId)));
}

export function makeHello(
  genesisHash: Hash,
  session: Uint8Array,
  peerId: string,
  identity: NetworkIdentity | null,
  addresses: readonly string[],
): Hello {
  const proof =
    identity === null
      ? null
      : { publicKey: identity.publicKey, signature: identity.sign(identityMessage(genesisHash, peerId)) };
  const fitting = addresses.filter((address) => utf8ToBytes(address).length <= MAX_ADDRESS_BYTES);
  return { version: VERSION, genesisHash, session, proof, addresses: fitting.slice(0, MAX_ADDRESSES_PER_PEER) };
}

export function encodeHello({ version, genesisHash, session, proof, addresses }: Hello): Uint8Array {
  return encodeRlp([
    writeU64(version),
    writeHash(genesisHash),
    writeUpTo(session, SESSION_BYTES),
    proof?.publicKey ?? EMPTY_BYTES,
    proof?.signature ?? EMPTY_BYTES,
    addresses.map(utf8ToBytes),
  ]);
}

/** Throws InvalidFrameError. */
export function decodeHello(bytes: Uint8Array): Hello {
  const reader = new FieldReader(refusal, 'hello', decodeItem(refusal, 'hello', bytes), 6);
  const version = reader.u64('version');
  const genesisHash = reader.hash('genesisHash');
  const session = reader.fixed('session', SESSION_BYTES);
  const publicKey = reader.upTo('publicKey', BLS_PUBLIC_KEY_BYTES);
  const signature = reader.upTo('signature', BLS_SIGNATURE_BYTES);
  const addresses = reader.values('addresses', MAX_ADDRESSES_PER_PEER, (values) => addressText(values));
  const proof = publicKey.length === 0 && signature.length === 0 ? null : { publicKey, signature };
  return { version, genesisHash, session: new Uint8Array(session), proof, addresses };
}

/** A text of printable ASCII: nothing else is an address, and it goes into logs. Throws InvalidFrameError. */
export function addressText(reader: FieldReader): string {
  const text = String.fromCharCode(...reader.upTo('address', MAX_ADDRESS_BYTES));
  if (!/^[\x21-\x7e]*$/.test(text)) throw new InvalidFrameError('an address has other characters', false);
  return text;
}

export function refusal(subject: string, reason: string): InvalidFrameError {
  return new InvalidFrameError(`${subject}: ${reason}`, false);
}

/** Why the hello of a peer is no good, whatever else is known of it; null if it is. */
export function faultOf(hello: Hello, peerId: string, genesisHash: Hash): Refusal | null {
  if (hello.version !== VERSION) return 'otherVersion';
  if (hello.genesisHash !== genesisHash) return 'otherGenesis';
  if (hello.proof === null) return null;
  const { publicKey, signature } = hello.proof;
  return blsVerify(publicKey, identityMessage(genesisHash, peerId), signature) ? null : 'badSignature';
}

/** How a peer is called: by its validator key if it has proven one, else by its peer id. */
export function nameOf(hello: Hello, peerId: string): PeerId {
  return hello.proof === null ? peerId : peerOf(hello.proof.publicKey);
}

/** The other side's hello is accepted (null), or not, and why not. */
export function encodeVerdict(verdict: Refusal | null): Uint8Array {
  return encodeRlp([writeIndex(verdict === null ? 0 : REFUSALS.indexOf(verdict) + 1, MAX_VERDICT)]);
}

/** Throws InvalidFrameError. */
export function decodeVerdict(bytes: Uint8Array): Refusal | null {
  const code = new FieldReader(refusal, 'verdict', decodeItem(refusal, 'verdict', bytes), 1).index('code', MAX_VERDICT);
  // Whatever a later version says with another number, it is no.
  return code === 0 ? null : (REFUSALS[code - 1] ?? 'otherVersion');
}
