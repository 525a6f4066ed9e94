import { isIP } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import type { NetworkFlags } from '../flags/network-commands.ts';

/** One validator of a network that is made. */
export interface Member {
  readonly index: number;
  readonly directory: string;
  /** Null on this machine. */
  readonly host: string | null;
  readonly rpcPort: number;
  readonly p2pPort: number;
  /** Where the others reach it, with its peer ID. */
  readonly p2pAddress: string;
}

type Places = Pick<NetworkFlags, 'dir' | 'hosts' | 'rpcPort' | 'p2pPort'>;

/** On machines of their own all have the same ports; on one machine they count up. */
export function placesOf({ dir, hosts, rpcPort, p2pPort }: Places, peerIds: readonly string[]): readonly Member[] {
  return peerIds.map((peerId, index) => {
    const host = hosts[index] ?? null;
    const offset = host === null ? index : 0;
    const port = p2pPort + offset;
    return {
      index,
      directory: join(dir, `validator-${index}`),
      host,
      rpcPort: rpcPort + offset,
      p2pPort: port,
      p2pAddress: `${hostAddress(host ?? '127.0.0.1')}/tcp/${port}/p2p/${peerId}`,
    };
  });
}

/** The config file of a member: where it listens, and where it finds the others. */
export function memberConfig(member: Member, members: readonly Member[]): string {
  const { index, host, rpcPort, p2pPort, p2pAddress } = member;
  const listen = `${host === null ? '/ip4/127.0.0.1' : '/ip4/0.0.0.0'}/tcp/${p2pPort}`;
  const settings = {
    'rpc-port': rpcPort,
    'p2p-listen': [listen],
    ...(host === null ? {} : { 'p2p-external': p2pAddress.replace(/\/p2p\/.*$/, '') }),
    bootnodes: members.filter((other) => other !== member).map((other) => other.p2pAddress),
  };
  return [
    `# Validator ${index} of ${members.length}. Every key is a flag of \`heddle validator\` without its dashes.`,
    '# Set fee-recipient to an account of yours: without it fees are lost.',
    stringify(settings),
  ].join('\n');
}

function hostAddress(host: string): string {
  switch (isIP(host)) {
    case 4:
      return `/ip4/${host}`;
    case 6:
      return `/ip6/${host}`;
    default:
      return `/dns/${host}`;
  }
}
