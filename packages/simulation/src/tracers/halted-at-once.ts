import { type Frame, haltMessage } from '@heddle/execution';

/** What geth finds before an operation runs: it shows it as the error of the operation; all others end the frame only. */
const FOUND_BEFORE: ReadonlySet<string> = new Set([
  'out of gas',
  'stack underflow',
  'stack limit reached',
  'max initcode size exceeded',
]);

/** Why the operation that `frame` halted at did not run at all; null if it ran. */
export function haltedAtOnce(frame: Frame): string | null {
  const { status, haltReason } = frame;
  return status === 'halted' && haltReason !== null && FOUND_BEFORE.has(haltReason) ? haltMessage(frame) : null;
}
