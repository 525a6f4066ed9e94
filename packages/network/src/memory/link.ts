import type { Scheduler } from '@heddle/runtime';
import { MAX_QUEUED_BYTES, MAX_QUEUED_MESSAGES } from '../limits.ts';
import type { DropReason } from '../metrics.ts';
import type { Faults } from './faults.ts';
import { channelOf, type Frame, sizeOf } from './frame.ts';

interface QueuedFrame {
  readonly frame: Frame;
  /** Its latency has passed. */
  isDue: boolean;
}

interface ChannelLoad {
  messages: number;
  bytes: number;
}

export interface LinkPorts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  deliver(frame: Frame): void;
  dropped(channel: string, reason: DropReason): void;
}

/**
 * One direction between two peers: a queue that keeps the order of everything, bounded per stream. Each frame has its
 * own delay, so that latency doesn't limit throughput; a frame whose delay is over waits for those before it.
 */
export class Link {
  readonly #ports: LinkPorts;
  readonly #load = new Map<string, ChannelLoad>();
  #queue: QueuedFrame[] = [];
  #isOpen = true;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /** Null if the frame is on its way (or lost by an injected fault, which no sender sees), else why not. */
  push(frame: Frame): 'disconnected' | 'queueFull' | null {
    const { scheduler, faults, dropped } = this.#ports;
    if (!this.#isOpen) return 'disconnected';
    if (!this.#reserve(frame)) return 'queueFull';
    if (faults.losesNext()) {
      this.#release(frame);
      dropped(channelOf(frame), 'injected');
      return null;
    }
    const queued: QueuedFrame = { frame, isDue: false };
    this.#queue.push(queued);
    const onDue = (): void => {
      queued.isDue = true;
      this.#deliverNext();
    };
    if (faults.latencyMs === 0) scheduler.soon(onDue);
    else scheduler.after(faults.latencyMs, onDue);
    return null;
  }

  /** What is still on the way is lost. */
  close(): void {
    this.#isOpen = false;
    for (const { frame } of this.#queue) this.#ports.dropped(channelOf(frame), 'disconnected');
    this.#queue = [];
    this.#load.clear();
  }

  /** One frame a task: if its handler throws, the rest of the queue is not stuck. */
  #deliverNext(): void {
    const next = this.#queue[0];
    if (next === undefined || !next.isDue) return;
    this.#queue.shift();
    this.#release(next.frame);
    if (this.#queue[0]?.isDue === true) this.#ports.scheduler.soon(() => this.#deliverNext());
    this.#ports.deliver(next.frame);
  }

  #reserve(frame: Frame): boolean {
    const channel = channelOf(frame);
    const load = this.#load.get(channel) ?? { messages: 0, bytes: 0 };
    if (load.messages >= MAX_QUEUED_MESSAGES || load.bytes + sizeOf(frame) > MAX_QUEUED_BYTES) return false;
    load.messages += 1;
    load.bytes += sizeOf(frame);
    this.#load.set(channel, load);
    return true;
  }

  #release(frame: Frame): void {
    const channel = channelOf(frame);
    const load = this.#load.get(channel);
    if (load === undefined) return;
    load.messages -= 1;
    load.bytes -= sizeOf(frame);
    if (load.messages === 0) this.#load.delete(channel);
  }
}
