const OFFSET = 0x811c9dc5;
const PRIME_A = 0x01000193;
const PRIME_B = 0x85ebca6b;

/** A running hash over what happened: equal runs have equal hashes. Two 32-bit lanes, not for adversaries. */
export class RunHash {
  #a: number = OFFSET;
  #b: number = PRIME_B;

  mix(value: number): void {
    this.#a = Math.imul(this.#a ^ value, PRIME_A);
    this.#b = Math.imul((this.#b << 13) ^ (this.#b >>> 19) ^ value, PRIME_B);
  }

  mixText(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.mix(text.charCodeAt(at));
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return [this.#a, this.#b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
