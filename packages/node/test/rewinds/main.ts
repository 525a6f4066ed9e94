import { REWINDS } from './scenarios.ts';

/** Plays the scenarios whose names begin with one of the words, and writes what they found as one line of JSON. */
const words = process.argv.slice(2);
const report: Record<string, unknown> = {};
for (const { name, run } of REWINDS) {
  if (!words.some((word) => name.startsWith(word))) continue;
  const startedMs = performance.now();
  try {
    report[name] = await run();
  } catch (error) {
    report[name] = { error: error instanceof Error ? error.stack : String(error) };
  }
  if (words.includes('--times')) process.stderr.write(`${Math.round(performance.now() - startedMs)} ms  ${name}\n`);
}
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());
