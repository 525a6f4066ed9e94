import type { Libp2pLimits } from '../limits.ts';
import type { ConnectionRefusal } from '../observer.ts';
import type { Origin } from './addresses.ts';
import type { Bans } from './bans.ts';

type Limits = Pick<Libp2pLimits, 'maxUnproven' | 'maxPerAddress' | 'maxPerSubnet'>;

/** A connection that came in and was let in; it is counted until it is released or privileged. */
export interface Admitted {
  readonly origin: Origin;
  /** Its other side has said who it is. */
  proven(): void;
  /** A known validator's: it does not count against the others of its address any more. */
  privileged(): void;
  /** It is closed. Idempotent, as the others are. */
  released(): void;
}

/** Lets connections in by where they come from, before a byte of them is read. */
export class Admission {
  readonly #limits: Limits;
  readonly #bans: Pick<Bans, 'has'>;
  readonly #addresses = new Map<string, number>();
  readonly #subnets = new Map<string, number>();
  #unproven = 0;

  constructor(limits: Limits, bans: Pick<Bans, 'has'>) {
    this.#limits = limits;
    this.#bans = bans;
  }

  get unproven(): number {
    return this.#unproven;
  }

  /** Why nobody is let in from there; null: somebody is. */
  refusal({ address, subnet }: Origin): ConnectionRefusal | null {
    if (this.#bans.has(address)) return 'banned';
    if ((this.#addresses.get(address) ?? 0) >= this.#limits.maxPerAddress) return 'perAddress';
    if ((this.#subnets.get(subnet) ?? 0) >= this.#limits.maxPerSubnet) return 'perSubnet';
    return this.#unproven >= this.#limits.maxUnproven ? 'unproven' : null;
  }

  admit(origin: Origin): Admitted {
    this.#unproven += 1;
    change(this.#addresses, origin.address, 1);
    change(this.#subnets, origin.subnet, 1);
    const proven = once(() => {
      this.#unproven -= 1;
    });
    const privileged = once(() => {
      change(this.#addresses, origin.address, -1);
      change(this.#subnets, origin.subnet, -1);
    });
    return {
      origin,
      proven,
      privileged,
      released: () => {
        proven();
        privileged();
      },
    };
  }
}

function change(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
