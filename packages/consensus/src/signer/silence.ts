/**
 * The first epoch in which a key may sign again whose records were found missing in `epoch`: it stays silent for the
 * rest of that epoch and one full epoch more (consensus.md, Durability). Where there are no epochs, for ever.
 */
export function silenceAfterLoss(epoch: bigint): bigint {
  return epoch + 2n;
}
