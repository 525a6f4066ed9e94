import { InvalidArgumentError } from 'commander';
import { MAX_BALANCE_ETHER } from '../limits.ts';

const WEI_DIGITS = 18;
const WEI_PER_ETHER: bigint = 10n ** 18n;

/** Reads ETH with up to 18 decimals, gives wei; throws commander's InvalidArgumentError. */
export function parseEther(text: string): bigint {
  const match = /^(\d{1,15})(?:\.(\d{1,18}))?$/.exec(text);
  const whole = match?.[1];
  if (whole !== undefined) {
    const wei = BigInt(whole) * WEI_PER_ETHER + BigInt((match?.[2] ?? '').padEnd(WEI_DIGITS, '0'));
    if (wei <= MAX_BALANCE_ETHER * WEI_PER_ETHER) return wei;
  }
  throw new InvalidArgumentError(`Give an amount of ETH from 0 to ${MAX_BALANCE_ETHER}, with at most 18 decimals.`);
}

/** The reverse, with separators and without trailing zeros: 10,000 or 0.5. */
export function formatEther(wei: bigint): string {
  const whole = (wei / WEI_PER_ETHER).toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const fraction = (wei % WEI_PER_ETHER).toString().padStart(WEI_DIGITS, '0').replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
