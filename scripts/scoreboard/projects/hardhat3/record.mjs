import { appendFileSync } from 'node:fs';
import { it } from 'node:test';

const { RESULTS } = process.env;
/** Some wait for ever for what a node does not do. */
const LIMIT_MS = 40_000;

/** A test that also writes down for the scoreboard how it went. */
export function trial(row, name, run) {
  it(name, async () => {
    const { promise: late, reject } = Promise.withResolvers();
    const timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS / 1_000} s`)), LIMIT_MS);
    try {
      await Promise.race([run(), late]);
      record(row, name, null);
    } catch (error) {
      record(row, name, String(error?.message ?? error));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  });
}

function record(row, name, failure) {
  appendFileSync(RESULTS, `${JSON.stringify({ row, name, failure })}\n`);
}
