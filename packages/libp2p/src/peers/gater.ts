import type { Connection, ConnectionGater } from '@libp2p/interface';
import type { Libp2pObserver } from '../observer.ts';
import { originOf } from './addresses.ts';
import type { Admission, Admitted } from './admission.ts';
import type { Bans } from './bans.ts';

export interface GaterPorts {
  readonly admission: Admission;
  readonly bans: Pick<Bans, 'has'>;
  readonly observer: Pick<Libp2pObserver, 'connectionRefused'>;
}

/** What libp2p asks before it goes on with a connection. */
export interface Gater {
  readonly gater: ConnectionGater;
  /** Null for a connection that this node has dialled. */
  admittedBy(connection: Connection): Admitted | null;
}

export function createGater({ admission, bans, observer }: GaterPorts): Gater {
  /** By address and port of the other side: a connection does not tell its socket. */
  const admitted = new Map<string, Admitted>();
  return {
    gater: {
      denyInboundConnection: (socket) => {
        const origin = originOf(socket.remoteAddr);
        const refusal = admission.refusal(origin);
        if (refusal !== null) {
          observer.connectionRefused(origin.address, refusal);
          return true;
        }
        const key = socket.remoteAddr.toString();
        const own = admission.admit(origin);
        admitted.set(key, own);
        socket.addEventListener('close', () => {
          own.released();
          if (admitted.get(key) === own) admitted.delete(key);
        });
        return false;
      },
      denyInboundEncryptedConnection: (peerId) => bans.has(peerId.toString()),
      denyOutboundEncryptedConnection: (peerId) => bans.has(peerId.toString()),
    },
    admittedBy: ({ remoteAddr, direction }) =>
      direction === 'inbound' ? (admitted.get(remoteAddr.toString().replace(/\/p2p\/[^/]+$/, '')) ?? null) : null,
  };
}
