import { type Kind, kind, wholeNumber } from '@heddle/command-line';
import type { Address } from '@heddle/types';
import { MAX_BALANCE_ETHER, MAX_BASE_FEE_WEI, MAX_TIMESTAMP_SECONDS } from '../limits.ts';

const WEI_DIGITS = 18;
const WEI_PER_ETHER: bigint = 10n ** 18n;

/** ETH with up to 18 decimals, as wei. */
export const ether: Kind<bigint> = kind(
  `Give an amount of ETH from 0 to ${MAX_BALANCE_ETHER}, with at most 18 decimals.`,
  (text) => {
    const match = /^(\d{1,15})(?:\.(\d{1,18}))?$/.exec(text);
    const whole = match?.[1];
    if (whole === undefined) return null;
    const wei = BigInt(whole) * WEI_PER_ETHER + BigInt((match?.[2] ?? '').padEnd(WEI_DIGITS, '0'));
    return wei <= MAX_BALANCE_ETHER * WEI_PER_ETHER ? wei : null;
  },
);

/** The reverse, with separators and without trailing zeros: 10,000 or 0.5. */
export function formatEther(wei: bigint): string {
  const whole = (wei / WEI_PER_ETHER).toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const fraction = (wei % WEI_PER_ETHER).toString().padStart(WEI_DIGITS, '0').replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Whether the machine has the address shows when it is listened on. */
export const host: Kind<string> = kind('Give an IP address or a host name of this machine, without a port.', (text) =>
  /^[A-Za-z0-9.:_-]{1,253}$/.test(text) ? text : null,
);

/** A name or address as it stands in a URL, without a port. */
export const hostName: Kind<string> = kind('Give a host name or an IP address without a port, or * for any.', (text) =>
  /^(?:\*|[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45})$/.test(text) ? text.toLowerCase() : null,
);

/** As browsers write it: no path, no port where it is the scheme's own. */
export const origin: Kind<string> = kind(
  'Give an origin such as https://app.example or http://192.168.1.5:3000, without a path, or * for any.',
  (text) => {
    if (text === '*' || text === 'null') return text;
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && url.origin !== 'null' && `${url.origin}/` === url.href ? url.origin : null;
  },
);

/** An amount of wei. */
export const wei: Kind<bigint> = kind(`Give a whole number of wei from 0 to ${MAX_BASE_FEE_WEI}.`, (text) =>
  /^\d{1,30}$/.test(text) && BigInt(text) <= MAX_BASE_FEE_WEI ? BigInt(text) : null,
);

/** Seconds since 1970. */
export const timestamp: Kind<bigint> = kind(
  `Give seconds since 1970, from 0 to ${MAX_TIMESTAMP_SECONDS}: a number such as 1700000000.`,
  (text) => (/^\d{1,15}$/.test(text) && BigInt(text) <= MAX_TIMESTAMP_SECONDS ? BigInt(text) : null),
);

/** BIP-32, up to the number of each account; a slash at its end, as anvil shows it, is left out. */
export const derivationPath: Kind<string> = kind(
  "Give a path such as m/44'/60'/0'/0, to which the number of each account is added.",
  (text) => {
    const steps = /^m(?:\/\d{1,10}'?){0,10}\/?$/.test(text) ? text.replace(/\/$/, '') : null;
    const isInRange = steps?.split('/').every((step) => step === 'm' || Number.parseInt(step, 10) < 2 ** 31) ?? false;
    return isInRange ? steps : null;
  },
);

/** Words with single spaces between them. */
export const phrase: Kind<string> = { read: (text) => text.trim().split(/\s+/).join(' ') };

/** Megabytes in a range, as bytes. */
export function megabytes(least: number, most: number): Kind<number> {
  const count = wholeNumber(least, most);
  return { read: (text, workingDirectory) => count.read(text, workingDirectory) * 1024 * 1024 };
}

/** How a BLS public key begins, or the whole of it. */
export const publicKeyPrefix: Kind<string> = kind('Give 0x and hexadecimal digits of the public key.', (text) =>
  /^0x[0-9a-f]{1,96}$/i.test(text) ? text.toLowerCase() : null,
);

/** An account, in any case of letters. */
export const address: Kind<Address> = kind<Address>('Give an address: 0x and 40 hexadecimal digits.', (text) => {
  const digits = /^0x([0-9a-f]{40})$/i.exec(text)?.[1];
  return digits === undefined ? null : `0x${digits.toLowerCase()}`;
});

const TCP_ADDRESS = /^\/(?:ip4\/[0-9.]{7,15}|ip6\/[0-9a-f:.]{2,45}|dns[46]?\/[A-Za-z0-9._-]{1,253})\/tcp\/\d{1,5}$/;

/** As libp2p writes where something listens, over TCP. */
export const multiaddress: Kind<string> = kind(
  'Give a multiaddress such as /ip4/0.0.0.0/tcp/9000 or /dns4/node.example/tcp/9000.',
  (text) => (TCP_ADDRESS.test(text) && portOf(text) <= 65_535 ? text : null),
);

/** A multiaddress that says who is there. */
export const peerAddress: Kind<string> = kind(
  'Give a multiaddress with the peer ID, such as /ip4/203.0.113.7/tcp/9000/p2p/12D3Koo….',
  (text) => {
    const where = /^(.+)\/p2p\/[1-9A-HJ-NP-Za-km-z]{40,60}$/.exec(text)?.[1];
    return where !== undefined && TCP_ADDRESS.test(where) && portOf(where) <= 65_535 ? text : null;
  },
);

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf('/') + 1));
}

/** A machine as other machines reach it. */
export const networkHost: Kind<string> = kind('Give a host name or an IP address, without a port.', (text) =>
  /^(?:[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45})$/.test(text) ? text.toLowerCase() : null,
);
