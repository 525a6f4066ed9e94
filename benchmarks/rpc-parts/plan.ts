/** How the messages travel. */
export const TRANSPORTS = ['http', 'ws'] as const;

export type Transport = (typeof TRANSPORTS)[number];

/** What one connection sends. */
export type Script =
  /** The same message again and again, until the time is over. */
  | { readonly kind: 'repeat'; readonly message: string; readonly forMs: number }
  /** Each of them once. */
  | { readonly kind: 'once'; readonly messages: readonly string[] };

/** What the load generator is asked to do: a connection for each script, each with one message under way. */
export interface Plan {
  readonly kind: 'plan';
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
  readonly scripts: readonly Script[];
}

/** What the generator says and is told, in this order: plan → ready → go → done. */
export type ToGenerator = Plan | { readonly kind: 'go' };
export type FromGenerator = { readonly kind: 'ready' } | Done | { readonly kind: 'failed'; readonly reason: string };

export interface Done {
  readonly kind: 'done';
  /** Messages that were answered. */
  readonly answers: number;
  /** From the first message to the last answer. */
  readonly elapsedMs: number;
  /** What the generator itself used meanwhile. */
  readonly cpuMs: number;
}
