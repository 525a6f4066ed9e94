/** Which heights belong to which epoch (protocol.md, Epochs): epoch e covers e·L + 1 … (e + 1)·L, L being its length. */
export class EpochSchedule {
  readonly length: bigint;

  /** `length` ≥ 4, in blocks. */
  constructor(length: bigint) {
    this.length = length;
  }

  /** Epoch of the block at `height` ≥ 1. */
  epochOf(height: bigint): bigint {
    return (height - 1n) / this.length;
  }

  /** Epoch of the blocks right above `height` ≥ 0. */
  epochAbove(height: bigint): bigint {
    return height / this.length;
  }

  /** Height of the last block of an epoch: its boundary. */
  boundaryOf(epoch: bigint): bigint {
    return (epoch + 1n) * this.length;
  }

  /** Whether the block at `height` ends an epoch. Genesis ends none. */
  isBoundary(height: bigint): boolean {
    return height > 0n && height % this.length === 0n;
  }

  /** Height whose state names the validators of `epoch` ≥ 1: half an epoch before it begins. */
  namingHeight(epoch: bigint): bigint {
    return epoch * this.length - this.length / 2n;
  }

  /** The lowest height above `height` at which an epoch ends, or the next one's validators are named. */
  nextMarkAbove(height: bigint): bigint {
    const boundary = (height / this.length + 1n) * this.length;
    const naming = boundary - this.length / 2n;
    return naming > height ? naming : boundary;
  }

  /** The epoch whose validators the state at `height` names; null if it names none. */
  namedAt(height: bigint): bigint | null {
    const epoch = (height + this.length / 2n) / this.length;
    return epoch > 0n && this.namingHeight(epoch) === height ? epoch : null;
  }
}
