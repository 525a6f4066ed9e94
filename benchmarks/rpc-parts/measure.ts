import type { Hex } from '@heddle/primitives';
import { type Content, nonceReaches, type Sender, signedTransfer } from './content.ts';
import { cpuTimeMs } from './cpu-time.ts';
import type { Load } from './load.ts';
import type { BenchNetwork } from './networks.ts';
import type { Script, Transport } from './plan.ts';
import { BATCH, type MethodName, readMessage, SEND, sendBatch, sendMessage } from './questions.ts';

export const CONNECTIONS = 32;
/** Transfers of each connection in a sample, where they go singly. */
const SINGLE_SENDS = 20;

export interface Case {
  readonly method: MethodName;
  readonly transport: Transport;
  readonly isBatch: boolean;
}

export interface Sample {
  readonly perSecond: number;
  /** Of the server's process; `null` where the system does not say. */
  readonly cpuMicroseconds: number | null;
  /** Share of a core that the load generator was busy. */
  readonly generatorBusy: number;
}

/** Hands out signed transfers of one network, each nonce once; the same to every network, which are asked in the same order. */
export class Spending {
  readonly #senders: readonly Sender[];
  #nonce = 0;

  constructor(senders: readonly Sender[]) {
    this.#senders = senders;
  }

  /** So many of each sender. */
  next(count: number): readonly (readonly Hex[])[] {
    const first = this.#nonce;
    this.#nonce += count;
    return this.#senders.map((sender) => Array.from({ length: count }, (_, i) => signedTransfer(sender, first + i)));
  }

  /** Resolves when all that was handed out is in blocks. */
  async settled(url: string): Promise<void> {
    for (const { address } of this.#senders) await nonceReaches(url, address, this.#nonce);
  }
}

export async function measure(
  load: Load,
  network: BenchNetwork,
  content: Content,
  spending: Spending,
  { method, transport, isBatch }: Case,
  forMs: number,
): Promise<Sample> {
  const { host, port, url, pid } = network;
  const scripts = method === SEND ? sends(spending, isBatch) : reads(readMessage(method, content, isBatch), forMs);
  await load.prepare({ kind: 'plan', host, port, transport, scripts });
  const cpuBefore = cpuTimeMs(pid);
  const started = performance.now();
  const { answers, elapsedMs, cpuMs } = await load.run();
  if (method === SEND) await spending.settled(url);
  const cpuAfter = cpuTimeMs(pid);
  const tookMs = method === SEND ? performance.now() - started : elapsedMs;
  const requests = answers * (isBatch ? BATCH : 1);
  return {
    perSecond: (requests * 1_000) / tookMs,
    cpuMicroseconds: cpuBefore === null || cpuAfter === null ? null : ((cpuAfter - cpuBefore) * 1_000) / requests,
    generatorBusy: cpuMs / elapsedMs,
  };
}

function reads(message: string, forMs: number): readonly Script[] {
  return Array.from({ length: CONNECTIONS }, () => ({ kind: 'repeat', message, forMs }));
}

/** Each connection has a sender of its own: its nonces stay in order. */
function sends(spending: Spending, isBatch: boolean): readonly Script[] {
  return spending
    .next(isBatch ? BATCH : SINGLE_SENDS)
    .map((raws) => ({ kind: 'once', messages: isBatch ? [sendBatch(raws)] : raws.map(sendMessage) }));
}
