import type { Scheduler } from '@heddle/runtime';
import { MAX_QUEUED_BYTES, MAX_QUEUED_MESSAGES } from '../limits.ts';
import type { DropReason } from '../metrics.ts';
import { channelOf, type Frame, sizeOf } from './frame.ts';
import type { ArrivingCopy } from './link-policy.ts';

interface QueuedFrame {
  readonly frame: Frame;
  /** Its latency has passed. */
  isDue: boolean;
}

/** One stream of the link. */
interface StreamQueue {
  readonly name: string;
  /** What keeps the order. */
  readonly queue: QueuedFrame[];
  /** On the way, copies that overtake included. */
  messages: number;
  bytes: number;
}

export interface LinkPorts {
  readonly scheduler: Scheduler;
  /** Which copies of a frame arrive, and when. */
  copies(channel: string, frame: Frame): readonly ArrivingCopy[];
  deliver(frame: Frame): void;
  dropped(channel: string, reason: DropReason): void;
}

/**
 * One direction between two peers: a queue per stream that keeps the order, bounded. Each frame has its own delay, so
 * that latency doesn't limit throughput; a frame whose delay is over waits for those before it in its stream.
 */
export class Link {
  readonly #ports: LinkPorts;
  readonly #channels = new Map<string, StreamQueue>();
  #isOpen = true;
  #answerBytes = 0;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /** Bytes of answers to requests that are on the way. */
  get answerBytes(): number {
    return this.#answerBytes;
  }

  /** Streams that something is on the way in. */
  get streams(): number {
    return this.#channels.size;
  }

  /** Null if the frame is on its way (or lost by an injected fault, which no sender sees), else why not. */
  push(frame: Frame): 'disconnected' | 'queueFull' | null {
    if (!this.#isOpen) return 'disconnected';
    const channel = this.#channel(channelOf(frame));
    if (channel.messages >= MAX_QUEUED_MESSAGES || channel.bytes + sizeOf(frame) > MAX_QUEUED_BYTES) return 'queueFull';
    const copies = this.#ports.copies(channel.name, frame);
    if (copies.length === 0) this.#ports.dropped(channel.name, 'injected');
    for (const copy of copies) this.#schedule(channel, frame, copy);
    return null;
  }

  /** What is still on the way is lost. */
  close(): void {
    this.#isOpen = false;
    for (const { name, messages } of this.#channels.values()) {
      for (let i = 0; i < messages; i++) this.#ports.dropped(name, 'disconnected');
    }
    this.#channels.clear();
    this.#answerBytes = 0;
  }

  #schedule(channel: StreamQueue, frame: Frame, { delayMs, overtakes }: ArrivingCopy): void {
    this.#count(channel, frame, 1);
    const queued: QueuedFrame = { frame, isDue: false };
    if (!overtakes) channel.queue.push(queued);
    const onDue = (): void => {
      if (!this.#isOpen) return;
      queued.isDue = true;
      if (overtakes) this.#deliver(channel, frame);
      else this.#deliverNext(channel);
    };
    if (delayMs === 0) this.#ports.scheduler.soon(onDue);
    else this.#ports.scheduler.after(delayMs, onDue);
  }

  /** One frame a task: if its handler throws, the rest of the queue is not stuck. */
  #deliverNext(channel: StreamQueue): void {
    const next = channel.queue[0];
    if (!this.#isOpen || next === undefined || !next.isDue) return;
    channel.queue.shift();
    if (channel.queue[0]?.isDue === true) this.#ports.scheduler.soon(() => this.#deliverNext(channel));
    this.#deliver(channel, next.frame);
  }

  #deliver(channel: StreamQueue, frame: Frame): void {
    this.#count(channel, frame, -1);
    // Peers choose the names of what they ask for: a stream with nothing in it leaves nothing behind.
    if (channel.messages === 0) this.#channels.delete(channel.name);
    this.#ports.deliver(frame);
  }

  #count(channel: StreamQueue, frame: Frame, change: 1 | -1): void {
    const bytes = change * sizeOf(frame);
    channel.messages += change;
    channel.bytes += bytes;
    if (frame.kind === 'response') this.#answerBytes += bytes;
  }

  #channel(name: string): StreamQueue {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const channel: StreamQueue = { name, queue: [], messages: 0, bytes: 0 };
    this.#channels.set(name, channel);
    return channel;
  }
}
