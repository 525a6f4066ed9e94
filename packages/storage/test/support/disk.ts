import { open } from 'node:fs/promises';

/** Makes every fdatasync of this process fail as on a broken disk, until the returned function is called. */
export async function failSyncs(directory: string): Promise<() => void> {
  const handle = await open(directory, 'r');
  const prototype: unknown = Object.getPrototypeOf(handle);
  await handle.close();
  if (typeof prototype !== 'object' || prototype === null) throw new Error('file handles have a prototype');
  const original = Object.getOwnPropertyDescriptor(prototype, 'datasync');
  if (original === undefined) throw new Error('file handles have datasync');
  const value = (): Promise<void> => Promise.reject(new Error('EIO: i/o error, fdatasync'));
  Object.defineProperty(prototype, 'datasync', { ...original, value });
  return () => Object.defineProperty(prototype, 'datasync', original);
}
