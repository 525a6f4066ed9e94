import type { DevnetFaults, FaultsInForce, NetworkLatency } from '../../src/fault-ports.ts';
import type { DevnetRewind, DevnetTime } from '../../src/ports.ts';

/** Time that stands still unless it is set. */
export class FakeTime implements DevnetTime {
  nowSeconds = 1_700_000_000n;
  next: bigint | null = null;
  interval: bigint | null = null;

  increase(seconds: bigint): bigint {
    this.nowSeconds += seconds;
    return this.nowSeconds - 1_700_000_000n;
  }

  set(timestamp: bigint): bigint {
    const moved = timestamp - this.nowSeconds;
    this.nowSeconds = timestamp;
    return moved > 0n ? moved : 0n;
  }

  setNext(timestamp: bigint): void {
    this.next = timestamp;
  }

  setInterval(seconds: bigint | null): void {
    this.interval = seconds;
  }
}

/** Remembers what was asked of it. */
export class FakeRewind implements DevnetRewind {
  snapshots = 0n;
  resets = 0;
  state: Uint8Array = Uint8Array.of(1, 2, 3);

  async snapshot(): Promise<bigint> {
    return this.snapshots++;
  }

  async revert(id: bigint): Promise<boolean> {
    if (id >= this.snapshots) return false;
    this.snapshots = id;
    return true;
  }

  async reset(): Promise<void> {
    this.resets += 1;
  }

  async dumpState(): Promise<Uint8Array> {
    return this.state;
  }

  async loadState(image: Uint8Array): Promise<void> {
    this.state = image;
  }
}

/** Does nothing but remember; of actors it knows one. */
export class FakeFaults implements DevnetFaults {
  partitioned: FaultsInForce['partition'] = null;
  latency: NetworkLatency | null = null;
  readonly actors: Map<number, string> = new Map();

  inForce(): FaultsInForce {
    const corrupted = [...this.actors].map(([validator, actor]) => ({ validator, actor, misdeeds: 3 }));
    return { stopped: [2], partition: this.partitioned, latency: this.latency, corrupted };
  }

  partition(groups: readonly (readonly number[])[]): void {
    this.partitioned = groups;
  }

  heal(): boolean {
    const wasCut = this.partitioned !== null;
    this.partitioned = null;
    return wasCut;
  }

  setLatency(latency: NetworkLatency): void {
    this.latency = latency;
  }

  async corrupt(index: number, actor: string | null): Promise<boolean> {
    if (actor === null) return this.actors.delete(index);
    this.actors.set(index, actor);
    return true;
  }
}
