/** Whether each of the numbers of `bytes` from `offset` (big-endian, `length` bytes each) is below `order`. */
export function areBelow(bytes: Uint8Array, offset: number, count: number, order: Uint8Array): boolean {
  for (let index = 0; index < count; index++) {
    if (!isBelow(bytes, offset + index * order.length, order)) return false;
  }
  return true;
}

/** Whether the number at `offset`, as long as `order`, is below it. */
export function isBelow(bytes: Uint8Array, offset: number, order: Uint8Array): boolean {
  for (let index = 0; index < order.length; index++) {
    const [byte, bound] = [bytes[offset + index] ?? 0, order[index] ?? 0];
    if (byte !== bound) return byte < bound;
  }
  return false;
}
