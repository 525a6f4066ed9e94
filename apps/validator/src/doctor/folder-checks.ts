import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import { lockHolder, systemErrorCode } from '@heddle/files';
import type { BuiltGenesis } from '@heddle/node';
import { DataDirectoryError } from '../errors.ts';
import { readGenesis } from '../genesis/read-genesis.ts';
import { LITTLE_DISK_BYTES, NODE_MEMORY_BYTES, TIGHT_DISK_BYTES } from '../limits.ts';
import type { ValidatorLayout } from '../validator/layout.ts';
import { readValidatorMarker } from '../validator/marker.ts';
import { refuseOtherGenesis } from '../validator/open-folder.ts';
import { type Checked, checked, type Finding } from './finding.ts';

const GIB = 1024 ** 3;

/** The folder of a node, looked at without touching it. `pid`: of the node that runs in it. */
export function checkFolder(layout: ValidatorLayout): Promise<Checked<{ readonly pid: number | null }>> {
  return checked('data directory', async () => {
    const { directory } = layout;
    const place = nearestFolder(directory);
    try {
      accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new DataDirectoryError(directory, `${place} cannot be written to (${systemErrorCode(error)})`);
    }
    if (place !== directory)
      return { value: { pid: null }, says: `${directory} is not there yet: the first start makes it` };
    const marker = readValidatorMarker(layout);
    const pid = lockHolder(layout.lock);
    const use = pid === null ? 'no node runs in it' : `in use by process ${pid}`;
    const past = marker?.hasRun === true ? 'has a chain' : 'has no chain yet';
    return { value: { pid }, says: `${directory} ${past}; ${use}; ${readdirSync(directory).length} entries` };
  });
}

/** Whether it is the genesis of the chain in the folder, too. */
export function checkGenesis(
  path: string,
  layout: ValidatorLayout,
  build: (genesis: ReturnType<typeof readGenesis>) => BuiltGenesis,
): Promise<Checked<BuiltGenesis>> {
  return checked('genesis', async () => {
    const built = build(readGenesis(path));
    refuseOtherGenesis(layout, readValidatorMarker(layout), built.genesis, path);
    const { chainId, validators, shardCount } = built.genesis;
    const says = `${path}: chain ${chainId}, ${validators.length} validators, ${shardCount} shards, ${built.write.blockHash}`;
    return { value: built, says };
  });
}

export async function checkDisk(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestFolder(directory));
  const free = bavail * bsize;
  const says = `${(free / GIB).toFixed(1)} GiB free`;
  const subject = 'disk';
  if (free < LITTLE_DISK_BYTES)
    return { subject, state: 'wrong', says: `${says}: a node ends when there is none; make room` };
  if (free < TIGHT_DISK_BYTES) return { subject, state: 'warning', says: `${says}: that does not last long` };
  return { subject, state: 'ok', says };
}

export function checkMemory(cacheMb: number): Finding {
  const total = totalmem();
  const wanted = NODE_MEMORY_BYTES + cacheMb * 1024 * 1024;
  const says = `${(total / GIB).toFixed(1)} GiB in this machine`;
  const subject = 'memory';
  if (total >= wanted) return { subject, state: 'ok', says };
  return {
    subject,
    state: 'warning',
    says: `${says}: a node with these caches wants ${(wanted / GIB).toFixed(1)} GiB; lower --cache-mb`,
  };
}

/** The folder itself, or the one that it would be made in. */
function nearestFolder(directory: string): string {
  return existsSync(directory) || dirname(directory) === directory ? directory : nearestFolder(dirname(directory));
}
