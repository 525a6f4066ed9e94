import { concatBytes } from '@heddle/primitives';

/** What goes over the wire as its two parts, well formed or not: the network's own codec makes no envelope it would refuse. */
export interface LooseEnvelope {
  readonly kind: string;
  readonly payload: Uint8Array;
}

const encoder = new TextEncoder();
/** msgpack: a map of two entries, the key "kind", and the lowest token of a short text. */
const HEAD = Uint8Array.of(0x82, 0xa4, ...encoder.encode('kind'));
const KEY = Uint8Array.of(0xa7, ...encoder.encode('payload'));
const FIXSTR = 0xa0;
const BIN_8 = 0xc4;
const BIN_32 = 0xc6;

export function joinEnvelope({ kind, payload }: LooseEnvelope): Uint8Array {
  const name = encoder.encode(kind);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, payload.length);
  return concatBytes(HEAD, Uint8Array.of(FIXSTR + name.length), name, KEY, Uint8Array.of(BIN_32), length, payload);
}

/** Of an envelope that a node has made. */
export function splitEnvelope(kind: string, bytes: Uint8Array): LooseEnvelope {
  const token = HEAD.length + 1 + encoder.encode(kind).length + KEY.length;
  const lengthBytes = 1 << ((bytes[token] ?? BIN_8) - BIN_8);
  return { kind, payload: bytes.subarray(token + 1 + lengthBytes) };
}
