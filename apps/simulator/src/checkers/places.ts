import { epochOf, viewOf } from '@heddle/consensus';
import type { Certificate, Vote } from '@heddle/types';

/** Views begin at 1 in each epoch: what is said of one is said of the epoch and the view. */
export function placeOf(item: Vote | Certificate): string {
  return `view ${viewOf(item)} of epoch ${epochOf(item)}`;
}
