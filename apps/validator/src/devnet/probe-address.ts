import { createServer } from 'node:net';
import { systemErrorCode } from '@heddle/files';
import { ADDRESS_FLAGS, AddressError, type AddressFlags, errorMessage } from '../errors.ts';

/**
 * Listens on the address for a moment. Before a data directory is made or reset, so that a port in use changes nothing.
 * Rejects with `AddressError`.
 */
export function probeAddress(host: string, port: number, flags: AddressFlags = ADDRESS_FLAGS): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(addressError(host, port, error, flags)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** What a failed start has to do with the address, as its user error. */
export function addressError(
  host: string,
  port: number,
  error: unknown,
  flags: AddressFlags = ADDRESS_FLAGS,
): AddressError {
  return new AddressError(host, port, systemErrorCode(error) ?? errorMessage(error), flags);
}

export function isAddressFailure(error: unknown): boolean {
  const code = systemErrorCode(error);
  const isListening = typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'listen';
  return code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL' || (code === 'EACCES' && isListening);
}
