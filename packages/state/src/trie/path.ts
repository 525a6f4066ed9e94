/** Nibble `index` of a key, high half first. */
export function nibbleAt(key: Uint8Array, index: number): number {
  const byte = key[index >> 1] ?? 0;
  return (index & 1) === 0 ? byte >> 4 : byte & 0x0f;
}

/** The nibbles of `key` from nibble `start` to its end, one a byte. */
export function nibblesFrom(key: Uint8Array, start: number): Uint8Array {
  const length = key.length * 2 - start;
  const nibbles = new Uint8Array(length);
  for (let i = 0; i < length; i++) nibbles[i] = nibbleAt(key, start + i);
  return nibbles;
}

/** How many nibbles of `path` equal the nibbles of `key` from `depth` on. */
export function matchingNibbles(path: Uint8Array, key: Uint8Array, depth: number): number {
  const most = Math.min(path.length, key.length * 2 - depth);
  let count = 0;
  while (count < most && path[count] === nibbleAt(key, depth + count)) count++;
  return count;
}

/** How many nibbles two keys share from `depth` on. */
export function sharedNibbles(first: Uint8Array, second: Uint8Array, depth: number): number {
  const most = Math.min(first.length, second.length) * 2 - depth;
  let count = 0;
  while (count < most && nibbleAt(first, depth + count) === nibbleAt(second, depth + count)) count++;
  return count;
}

/** Length of what `encodePath` writes. */
export function encodedPathBytes(path: Uint8Array): number {
  return 1 + (path.length >> 1);
}

/** Hex-prefix encoding (Yellow Paper, appendix C) to `out` from `at` on: flag nibble, then the path, two nibbles a byte. */
export function encodePath(path: Uint8Array, isLeaf: boolean, out: Uint8Array, at: number): void {
  const odd = path.length & 1;
  out[at] = (isLeaf ? 0x20 : 0) | (odd === 1 ? 0x10 | (path[0] ?? 0) : 0);
  for (let from = odd, to = at + 1; from < path.length; from += 2, to++) {
    out[to] = ((path[from] ?? 0) << 4) | (path[from + 1] ?? 0);
  }
}

/** Reverses `encodePath`; `null` when the flags are not valid. */
export function decodePath(bytes: Uint8Array): { readonly path: Uint8Array; readonly isLeaf: boolean } | null {
  const flags = bytes[0];
  if (flags === undefined || flags >= 0x40) return null;
  const odd = (flags >> 4) & 1;
  if (odd === 0 && (flags & 0x0f) !== 0) return null;
  const path = new Uint8Array((bytes.length - 1) * 2 + odd);
  if (odd === 1) path[0] = flags & 0x0f;
  for (let i = 1, to = odd; i < bytes.length; i++, to += 2) {
    const byte = bytes[i] ?? 0;
    path[to] = byte >> 4;
    path[to + 1] = byte & 0x0f;
  }
  return { path, isLeaf: flags >= 0x20 };
}

/** `prefix`, then `nibble`, then `suffix`. */
export function joinPath(prefix: Uint8Array, nibble: number, suffix: Uint8Array): Uint8Array {
  const path = new Uint8Array(prefix.length + 1 + suffix.length);
  path.set(prefix);
  path[prefix.length] = nibble;
  path.set(suffix, prefix.length + 1);
  return path;
}
