import type { Result } from './result.ts';

/** Something that a user does with a client, from beginning to end. It fails by throwing. */
export interface Flow {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

export function flow(name: string, run: () => Promise<unknown>): Flow {
  return { name, run };
}

/** A client that waits for what never comes is not waited for. */
const LIMIT_MS = 30_000;

/** One after the other: they share accounts and so nonces. */
export async function runFlows(flows: readonly Flow[], limitMs: number = LIMIT_MS): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const { name, run } of flows) {
    try {
      await within(limitMs, run);
      results.push({ name, failure: null });
    } catch (error) {
      results.push({ name, failure: reasonOf(error) });
    }
  }
  return results;
}

async function within(limitMs: number, run: () => Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not done after ${limitMs / 1_000} s`)), limitMs);
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Clients wrap what the node said; the node's own words say most. Hashes differ from run to run and are left out. */
export function reasonOf(error: unknown): string {
  const { shortMessage, details, message } = wordsOf(error);
  const text = [shortMessage ?? message ?? String(error), details ?? ''].filter((part) => part !== '').join(': ');
  return text
    .replace(/0x[0-9a-fA-F]{9,}/g, '0x…')
    .replace(/\s+/g, ' ')
    .trim();
}

interface Words {
  readonly shortMessage?: string;
  readonly details?: string;
  readonly message?: string;
}

function wordsOf(error: unknown): Words {
  if (typeof error !== 'object' || error === null) return {};
  const text = (key: string): string | undefined => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' ? value : undefined;
  };
  const [shortMessage, details, message] = [text('shortMessage'), text('details'), text('message')];
  return {
    ...(shortMessage === undefined ? {} : { shortMessage }),
    ...(details === undefined ? {} : { details }),
    ...(message === undefined ? {} : { message }),
  };
}

/** Throws unless both are the same as JSON, bigints as decimals. */
export function same(actual: unknown, expected: unknown, what = 'it'): void {
  const [is, should] = [shown(actual), shown(expected)];
  if (is !== should) throw new Error(`${what} is ${is}, expected ${should}`);
}

export function holds(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

/** Throws unless `run` fails with words that match. */
export async function failsWith(run: () => Promise<unknown>, words: RegExp): Promise<void> {
  try {
    await run();
  } catch (error) {
    const { shortMessage = '', details = '', message = '' } = wordsOf(error);
    const text = `${shortMessage} ${details} ${message}`;
    if (!words.test(text)) throw new Error(`failed with other words: ${reasonOf(error)}`);
    return;
  }
  throw new Error(`did not fail, expected ${words}`);
}

/** Polls until it holds: what is pushed or polled takes a client a moment. */
export async function until(condition: () => boolean, what: string, limitMs = 5_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs / 1_000} s`);
    await pause(20);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function shown(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)) ?? 'undefined'
  );
}
