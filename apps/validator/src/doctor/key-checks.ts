import { existsSync } from 'node:fs';
import { lockHolder } from '@heddle/files';
import { listKeys, readNetworkKey } from '@heddle/keys';
import { bytesToHex } from '@heddle/primitives';
import type { Genesis } from '@heddle/types';
import type { ValidatorSettings } from '../flags/validator-flags.ts';
import { withKeys } from '../keys/key-errors.ts';
import type { ValidatorLayout } from '../validator/layout.ts';
import { chosenKeystore, openSigningKey } from '../validator/open-keys.ts';
import { checked, type Finding } from './finding.ts';

/** Opens the key as a start would, and lets go of it. A folder without one is that of a node that follows. */
export async function checkSigningKey(
  layout: ValidatorLayout,
  genesis: Genesis,
  values: ValidatorSettings,
): Promise<Finding> {
  const { finding } = await checked('signing key', async () => {
    const isFollower = values.keystore === null && (await withKeys(async () => listKeys(layout.keys))).length === 0;
    if (isFollower) return { value: null, says: 'none: the folder is that of a node that follows' };
    const { path } = await withKeys(async () => chosenKeystore(layout, values));
    const pid = lockHolder(`${path}.lock`);
    if (pid !== null) return { value: null, says: `${path} is held by process ${pid}, which runs with it` };
    const { publicKey, lock } = await openSigningKey(layout, genesis, values);
    lock.release();
    const says = `${bytesToHex(publicKey)} opens${values.joining ? '; the registry has to name it' : ''}`;
    if (values.feeRecipient !== null) return { value: null, says };
    return { value: null, says: `${says}, but no --fee-recipient is set: its fees are lost`, state: 'warning' };
  });
  return finding;
}

export async function checkNetworkKey(layout: ValidatorLayout, { networkKey }: ValidatorSettings): Promise<Finding> {
  const path = networkKey ?? layout.networkKey;
  const { finding } = await checked('network key', async () => {
    if (!existsSync(path)) return { value: null, says: 'not there yet: the first start makes it' };
    const { peerId } = await withKeys(async () => readNetworkKey(path));
    return { value: null, says: `this node is ${peerId}` };
  });
  return finding;
}
