import type { RequestFailure } from '../errors.ts';

/** What travels over a link of the memory network. */
export type Frame =
  | { readonly kind: 'direct'; readonly protocol: string; readonly payload: Uint8Array }
  | { readonly kind: 'gossip'; readonly protocol: string; readonly payload: Uint8Array; readonly id: string }
  | { readonly kind: 'request'; readonly protocol: string; readonly payload: Uint8Array; readonly requestId: number }
  | { readonly kind: 'response'; readonly protocol: string; readonly payload: Uint8Array; readonly requestId: number }
  | {
      readonly kind: 'failure';
      readonly protocol: string;
      readonly requestId: number;
      readonly reason: RequestFailure;
    };

/** The stream that a frame belongs to: queues are bounded and counted per stream. */
export function channelOf(frame: Frame): string {
  return `${frame.kind === 'failure' ? 'response' : frame.kind}:${frame.protocol}`;
}

export function sizeOf(frame: Frame): number {
  return frame.kind === 'failure' ? 0 : frame.payload.length;
}
