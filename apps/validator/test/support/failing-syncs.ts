// Loaded before the command line: from SIGUSR2 on, every fdatasync of the process fails as on a broken disk.
import { open } from 'node:fs/promises';

const handle = await open(import.meta.filename, 'r');
const prototype: object = Object.getPrototypeOf(handle);
await handle.close();
process.on('SIGUSR2', () => {
  const value = (): Promise<void> => Promise.reject(new Error('EIO: i/o error, fdatasync'));
  Object.defineProperty(prototype, 'datasync', { value });
});
