import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListenError, PortInUseError } from '../errors.ts';

/** Resolves with the port and the IP address that were taken. Throws PortInUseError or ListenError. */
export function listen(
  server: Server,
  host: string,
  port: number,
): Promise<{ readonly port: number; readonly address: string }> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(host, port) : new ListenError(host, port, error.message));
    };
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      resolve(takenOf(server.address(), host, port));
    });
  });
}

function takenOf(
  taken: AddressInfo | string | null,
  host: string,
  port: number,
): { readonly port: number; readonly address: string } {
  return taken === null || typeof taken === 'string' ? { port, address: host } : taken;
}

/** What a client on this machine puts before the port: a wildcard address can't be connected to everywhere. */
export function connectableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
