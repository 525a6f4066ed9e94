import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a client waits who asks for one number now and then, milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly failures: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const EVERY_MS = 20;
const QUESTION = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] });

/** Asks eth_blockNumber on a connection of its own, without waiting for answers, until it is stopped. */
export function startProbe(url: string): () => Promise<Latencies> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const latencies: number[] = [];
  const pending = new Set<Promise<void>>();
  let failures = 0;
  let isOn = true;
  const ask = async (): Promise<void> => {
    const startedMs = performance.now();
    const isGood = await askOnce(url, agent);
    if (!isGood) failures += 1;
    latencies.push(performance.now() - startedMs);
  };
  const loop = async (): Promise<void> => {
    while (isOn) {
      const asking = ask().finally(() => pending.delete(asking));
      pending.add(asking);
      await sleep(EVERY_MS);
    }
    await Promise.all(pending);
  };
  const done = loop();
  return async () => {
    isOn = false;
    await done;
    agent.destroy();
    return summary(latencies, failures);
  };
}

function askOnce(url: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
      (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => {
          text += part.toString('utf8');
        });
        answer.on('end', () => resolve(text.includes('"result":"0x')));
        answer.on('error', () => resolve(false));
      },
    );
    asking.on('error', () => resolve(false));
    asking.end(QUESTION);
  });
}

function summary(latencies: number[], failures: number): Latencies {
  latencies.sort((a, b) => a - b);
  const at = (part: number): number => {
    const latency = latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0;
    return Math.round(latency * 10) / 10;
  };
  return { count: latencies.length, failures, p50: at(0.5), p99: at(0.99), max: at(1) };
}
