/**
 * `next` again and again from `first` on, `count` ≥ 1 values in all, cut where they stop changing: all behind the end
 * equal the last. EIP-1559's fee of empty blocks does so below 8 wei.
 */
export function baseFeesOfRun(first: bigint, next: (fee: bigint) => bigint, count: number): readonly bigint[] {
  const fees = [first];
  for (let fee = first; fees.length < count; ) {
    const following = next(fee);
    if (following === fee) break;
    fees.push(following);
    fee = following;
  }
  return fees;
}

/** The value at `place` of such a list. */
export function feeAt(fees: readonly bigint[], place: number): bigint {
  return fees[Math.min(place, fees.length - 1)] ?? 0n;
}
