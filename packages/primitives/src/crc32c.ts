/** Castagnoli's polynomial (RFC 3720, appendix B.4), bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** Bytes taken at a time ("slicing by four"): journal records hold whole blocks. */
const SLICES = 4;

/** Shorter inputs are taken byte by byte. */
const MIN_VIEWED_BYTES = 64;

const NO_VIEW = new DataView(new ArrayBuffer(0));

/** Entry `256 · k + b` is the remainder of byte b followed by k zero bytes. */
const TABLE: Uint32Array = table();

function table(): Uint32Array {
  const entries = new Uint32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
    entries[byte] = remainder;
  }
  for (let i = 256; i < entries.length; i++) {
    const shorter = entries[i - 256] ?? 0;
    entries[i] = (shorter >>> 8) ^ (entries[shorter & 0xff] ?? 0);
  }
  return entries;
}

/**
 * The checksum of journal records, `0 … 2^32 − 1`. Finds accidents, not forgeries. `before`: the checksum of bytes that
 * stand in front of these.
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const entries = TABLE;
  // A view costs as much as sixty bytes: most stored values are shorter.
  const whole = bytes.length < MIN_VIEWED_BYTES ? 0 : bytes.length - (bytes.length % SLICES);
  const view = whole === 0 ? NO_VIEW : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let remainder = before ^ 0xffffffff;
  for (let i = 0; i < whole; i += SLICES) {
    const word = remainder ^ view.getUint32(i, true);
    remainder =
      (entries[768 + (word & 0xff)] ?? 0) ^
      (entries[512 + ((word >>> 8) & 0xff)] ?? 0) ^
      (entries[256 + ((word >>> 16) & 0xff)] ?? 0) ^
      (entries[word >>> 24] ?? 0);
  }
  for (let i = whole; i < bytes.length; i++) {
    remainder = (entries[(remainder ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (remainder >>> 8);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
