import { simulate } from './simulation.ts';

/** Runs seeds `argv[2]` … `argv[3]`−1 over the whole range of settings and prints a JSON report. */
const [from, to] = [Number(process.argv[2]), Number(process.argv[3])];
const sizes = [1, 4, 5, 7];
const failures: string[] = [];
let heights = 0;
let steps = 0;
let slowestMs = 0;
let convicted = 0;

for (let seed = from; seed < to; seed += 1) {
  const n = sizes[seed % sizes.length] ?? 4;
  const variant = Math.floor(seed / sizes.length);
  const f = Math.floor((n - 1) / 3);
  try {
    const result = simulate({
      n,
      seed,
      twins: variant % 3 === 1 ? f : 0,
      lossRate: [0, 0.1, 0.3, 0.5][variant % 4] ?? 0,
      maxDelayMs: [30, 300, 1500][variant % 3] ?? 30,
      crashRate: [0, 0.002, 0.01][(variant >> 1) % 3] ?? 0,
      stableAtMs: 3000,
      maxIdleMs: variant % 5 === 4 ? 1000 : null,
    });
    heights += result.height;
    steps += result.steps;
    convicted += result.convicted;
    if (result.recoveryMs > slowestMs) slowestMs = result.recoveryMs;
  } catch (error) {
    failures.push(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
process.stdout.write(`${JSON.stringify({ seeds: to - from, failures, heights, steps, slowestMs, convicted })}\n`);
