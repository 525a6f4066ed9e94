/** EIP-4844: wei a gas of blobs, e^(excess / fraction) by its Taylor series. */
export function blobBaseFee(excess: bigint, fraction: bigint): bigint {
  let output = 0n;
  let term = fraction;
  for (let i = 1n; term > 0n; i++) {
    output += term;
    term = (term * excess) / (fraction * i);
  }
  return output / fraction;
}
