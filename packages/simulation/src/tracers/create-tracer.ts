import { unreachable } from '@heddle/primitives';
import { CallTracer, type CallTracerOptions } from './call-tracer.ts';
import { FlatCallTracer, type FlatCallTracerOptions } from './flat-call-tracer.ts';
import { FourByteTracer } from './four-byte-tracer.ts';
import { MuxTracer, NOOP_TRACER } from './mux-tracer.ts';
import { ERROR_TRACER, OtterscanTracer } from './otterscan-tracers.ts';
import { type ParityReplayOptions, ParityReplayTracer } from './parity-tracer.ts';
import { type PrestateOptions, PrestateTracer } from './prestate-tracer.ts';
import { type StructLogOptions, StructLogTracer } from './struct-log-tracer.ts';
import type { TracedMessage, Tracer } from './tracer.ts';

/** Which tracer, with its options: plain data. */
export type TracerSpec =
  | ({ readonly kind: 'structLog' } & StructLogOptions)
  | ({ readonly kind: 'call' } & CallTracerOptions)
  | ({ readonly kind: 'flatCall' } & FlatCallTracerOptions)
  | ({ readonly kind: 'prestate' } & PrestateOptions)
  | { readonly kind: 'fourByte' }
  | { readonly kind: 'noop' }
  | { readonly kind: 'mux'; readonly tracers: readonly (readonly [name: string, spec: TracerSpec])[] }
  | ({ readonly kind: 'parityReplay' } & ParityReplayOptions)
  | { readonly kind: 'otterscan'; readonly view: 'internalOperations' | 'calls' }
  | { readonly kind: 'error' };

/** A tracer for one execution of `message`. `limitBytes` bounds what it collects, counted as text. */
export function createTracer(spec: TracerSpec, message: TracedMessage, limitBytes: number): Tracer {
  switch (spec.kind) {
    case 'structLog':
      return new StructLogTracer(spec, limitBytes);
    case 'call':
      return new CallTracer(spec, message, limitBytes);
    case 'flatCall':
      return new FlatCallTracer(spec, message, limitBytes);
    case 'prestate':
      return new PrestateTracer(spec);
    case 'fourByte':
      return new FourByteTracer(limitBytes);
    case 'noop':
      return NOOP_TRACER;
    case 'mux':
      return new MuxTracer(spec.tracers.map(([name, inner]) => [name, createTracer(inner, message, limitBytes)]));
    case 'parityReplay':
      return new ParityReplayTracer(spec, message, limitBytes);
    case 'otterscan':
      return new OtterscanTracer(spec.view, message, limitBytes);
    case 'error':
      return ERROR_TRACER;
    default:
      return unreachable(spec, 'tracer');
  }
}
