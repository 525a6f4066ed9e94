import type { JsonObject } from '../json.ts';
import type { ChainStatus } from '../ports.ts';
import { quantity } from './quantity.ts';

/** Why no blocks come, and since when, in seconds like a block's timestamp; null while they come. */
export function formatHalt(status: ChainStatus & { readonly kind: 'halted' }): JsonObject;
export function formatHalt(status: ChainStatus): JsonObject | null;
export function formatHalt(status: ChainStatus): JsonObject | null {
  if (status.kind !== 'halted') return null;
  return { reason: status.reason, since: quantity(Math.floor(status.sinceMs / 1_000)) };
}
