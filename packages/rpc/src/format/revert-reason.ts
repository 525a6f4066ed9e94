import { revertReason } from '@heddle/types';

/** 'execution reverted', and the reason when the data holds one that is known. */
export function revertMessage(data: Uint8Array): string {
  const reason = revertReason(data);
  return reason === null ? 'execution reverted' : `execution reverted: ${reason}`;
}
