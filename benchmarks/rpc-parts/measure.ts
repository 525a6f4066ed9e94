import type { Hex } from '@heddle/primitives';
import type { ComparedNetwork } from '../../apps/validator/test/support/compared-networks.ts';
import { cpuTimeMs } from '../../apps/validator/test/support/process-usage.ts';
import { type Content, nonceReaches, type Sender, signedTransfer } from './content.ts';
import type { Load } from './load.ts';
import type { Script, Transport } from './plan.ts';
import { BATCH, type MethodName, readMessage, SEND, sendBatch, sendMessage } from './questions.ts';

export const CONNECTIONS = 32;
/** Transfers of each connection in a sample, where they go singly. */
const SINGLE_SENDS = 20;
/** Connections that send batches: anvil makes a block of each transfer and keeps it in memory. */
const BATCHING = 8;

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
  readonly #nonces = new Map<Hex, number>();

  constructor(senders: readonly Sender[]) {
    this.#senders = senders;
  }

  /** So many of each of the first senders. */
  next(senders: number, count: number): readonly (readonly Hex[])[] {
    return this.#senders.slice(0, senders).map((sender) => {
      const first = this.#nonces.get(sender.address) ?? 0;
      this.#nonces.set(sender.address, first + count);
      return Array.from({ length: count }, (_, i) => signedTransfer(sender, first + i));
    });
  }

  /** Resolves when all that was handed out is in blocks. */
  async settled(url: string): Promise<void> {
    for (const [address, nonce] of this.#nonces) await nonceReaches(url, address, nonce);
  }
}

export async function measure(
  load: Load,
  network: ComparedNetwork,
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
    .next(isBatch ? BATCHING : CONNECTIONS, isBatch ? BATCH : SINGLE_SENDS)
    .map((raws) => ({ kind: 'once', messages: isBatch ? [sendBatch(raws)] : raws.map(sendMessage) }));
}
