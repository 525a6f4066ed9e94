import { type ChainFlags, DEFAULT_CHAIN_FLAGS } from '../flags/devnet-flags.ts';

/** Flags that chains of an older Heddle were made without, which is to say with their usual values. */
const LATER_FLAGS: readonly string[] = ['derivationPath', 'baseFeeWei', 'gasLimit'] satisfies (keyof ChainFlags)[];

/** A flag is stored as JSON has it; wei as decimal digits. */
export function flagsToJson(flags: ChainFlags): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(flags).map(([key, value]) => [key, typeof value === 'bigint' ? value.toString() : value]),
  );
}

/** Null for what `flagsToJson` cannot have given. */
export function flagsFromJson(value: unknown): ChainFlags | null {
  if (typeof value !== 'object' || value === null) return null;
  const stored = new Map<string, unknown>(Object.entries(value));
  if ([...stored.keys()].some((key) => !(key in DEFAULT_CHAIN_FLAGS))) return null;
  const usual = Object.entries(DEFAULT_CHAIN_FLAGS);
  const flags = Object.fromEntries(
    usual.map(([key, like]) => [
      key,
      !stored.has(key) && LATER_FLAGS.includes(key) ? like : parseLike(like, stored.get(key)),
    ]),
  );
  return isChainFlags(flags) ? flags : null;
}

/** Null for what is not of that type. */
function parseLike(like: unknown, stored: unknown): unknown {
  if (typeof like === 'bigint') return typeof stored === 'string' && /^\d{1,40}$/.test(stored) ? BigInt(stored) : null;
  if (typeof like === 'number') return isCount(stored) ? stored : null;
  return typeof stored === typeof like ? stored : null;
}

function isChainFlags(
  flags: Readonly<Record<string, unknown>>,
): flags is Readonly<Record<string, unknown>> & ChainFlags {
  return Object.entries(DEFAULT_CHAIN_FLAGS).every(([key, like]) => typeof flags[key] === typeof like);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
