import type { PeerId } from '../transport.ts';
import type { Frame } from './frame.ts';

/** A frame as it goes onto a link. */
export interface Transit {
  readonly from: PeerId;
  readonly to: PeerId;
  /** What the frame is and its stream, as metrics name it: `direct:<protocol>`, `gossip:<topic>`, `request:…`, `response:…`. */
  readonly channel: string;
  /** Null for the failure of a request. Read only: all receivers share it. */
  readonly payload: Uint8Array | null;
}

/** One copy of a frame that reaches the other end. */
export interface ArrivingCopy {
  /** Milliseconds on the way; 0 = as soon as possible. */
  readonly delayMs: number;
  /** False: it waits for those before it in its stream, as `Transport` promises. True breaks that promise on purpose. */
  readonly overtakes: boolean;
}

/** Decides over each frame: no copy = lost, two = duplicated. Replaces latency and loss of the hub; partitions stay. */
export interface LinkPolicy {
  copies(transit: Transit): readonly ArrivingCopy[];
}

export function transitOf(from: PeerId, to: PeerId, channel: string, frame: Frame): Transit {
  return { from, to, channel, payload: frame.kind === 'failure' ? null : frame.payload };
}
