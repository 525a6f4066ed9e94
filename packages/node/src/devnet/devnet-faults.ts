import { peerOf } from '@heddle/network';
import { type DevnetFaults, type NetworkLatency, SerialQueue } from '@heddle/rpc';
import type { ValidatorIndex } from '@heddle/types';
import type { Logger } from '../logger.ts';
import type { ValidatorSwitch } from '../rpc-backend/devnet-control.ts';
import type { NodeGroup } from '../rpc-backend/node-group.ts';
import type { Corruption } from './corruption.ts';
import type { Groups, NetworkFaults } from './network-faults.ts';

interface Parts {
  readonly group: NodeGroup;
  readonly validators: ValidatorSwitch;
  readonly network: NetworkFaults;
  readonly corruption: Corruption;
  readonly publicKeys: readonly Uint8Array[];
  readonly log: Logger;
}

/** Faults that a devnet's owner asks for. They are this process's alone: the next start begins without any. */
export function createDevnetFaults(parts: Parts): DevnetFaults {
  const { group, network, corruption, publicKeys, log } = parts;
  const turns = new SerialQueue<'corrupt'>();
  return {
    inForce: () => ({
      stopped: [...publicKeys.keys()].filter((index) => !group.running.has(index)),
      partition: network.groups,
      latency: network.latency,
      corrupted: corruption.corrupted,
    }),
    partition: (groups: Groups) => {
      network.partition(groups);
      log.warn('the network is partitioned', { groups: groups.map((members) => members.join(' ')).join(' | ') });
    },
    heal: () => {
      const wasCut = network.heal();
      if (wasCut) log.info('the partition is over');
      return wasCut;
    },
    setLatency: (latency: NetworkLatency) => {
      network.setLatency(latency);
      log.info('latency set', { ms: latency.ms, jitterMs: latency.jitterMs, links: latency.links.length });
    },
    corrupt: (index, actor) => turns.run('corrupt', () => corrupt(parts, index, actor)),
  };
}

async function corrupt({ validators, ...parts }: Parts, index: ValidatorIndex, actor: string | null): Promise<boolean> {
  const { corruption, log } = parts;
  if (!(await corruption.set(index, actor))) return false;
  if (actor === null) log.info(`validator ${index} is honest again`);
  else log.warn(`validator ${index} is corrupted`, { actor });
  await restart(validators, index);
  if (actor === null) for (const other of blockersOf(index, parts)) await restart(validators, other);
  return true;
}

/** Nobody listens to who was caught, for the rest of the epoch: a validator that starts knows nothing of it. */
function blockersOf(
  index: ValidatorIndex,
  { group, publicKeys }: Omit<Parts, 'validators'>,
): readonly ValidatorIndex[] {
  const publicKey = publicKeys[index];
  if (publicKey === undefined) return [];
  const peer = peerOf(publicKey);
  return [...group.running].flatMap(([other, node]) => (node.blockedPeers.has(peer) ? [other] : []));
}

/** One that is stopped stays so. */
async function restart(validators: ValidatorSwitch, index: ValidatorIndex): Promise<void> {
  if (await validators.stop(index)) await validators.start(index);
}
