import type { BuiltGenesis } from '@heddle/node';
import type { LoadedSettings } from '../config/load-settings.ts';
import type { readGenesis } from '../genesis/read-genesis.ts';
import { validatorLayout } from '../validator/layout.ts';
import { checkAddresses } from './address-checks.ts';
import type { Finding } from './finding.ts';
import { checkDisk, checkFolder, checkGenesis, checkMemory } from './folder-checks.ts';
import { checkNetworkKey, checkSigningKey } from './key-checks.ts';

export interface ExaminePorts {
  readonly buildGenesis: (genesis: ReturnType<typeof readGenesis>) => BuiltGenesis;
}

/**
 * Looks at everything that a node of these settings needs, without starting it or changing anything, and says of each how it
 * is. What cannot be looked at because of an earlier finding is left out.
 */
export async function examine(
  { values, dataDir }: LoadedSettings,
  { buildGenesis }: ExaminePorts,
): Promise<readonly Finding[]> {
  const layout = validatorLayout(dataDir);
  const folder = await checkFolder(layout);
  const genesis = await checkGenesis(values.genesis ?? layout.genesis, layout, buildGenesis);
  const findings = [folder.finding, await checkDisk(dataDir), checkMemory(values.cacheMb), genesis.finding];
  if (genesis.value !== null) findings.push(await checkSigningKey(layout, genesis.value.genesis, values));
  findings.push(await checkNetworkKey(layout, values));
  // Its own node has them.
  if (folder.value?.pid === null) findings.push(...(await checkAddresses(values)));
  if (genesis.value !== null) {
    const { checkNetwork } = await import('./network-checks.ts');
    findings.push(...(await checkNetwork(genesis.value, values.bootnodes.flat())));
  }
  return findings;
}
