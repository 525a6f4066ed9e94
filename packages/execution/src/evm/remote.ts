import { remoteContractError } from '@heddle/sharding';
import type { Address, ShardId } from '@heddle/types';
import type { Frame } from './frame.ts';
import type { Machine } from './machine.ts';

/** The shard of a contract that is listed elsewhere, else `null`. Remembered, since it explains why code fails. */
export function noteRemoteContract(machine: Machine, address: Address): ShardId | null {
  const residence = machine.rules.residence(machine.world.unrecorded, address);
  if (residence.kind !== 'remoteContract') return null;
  machine.remoteContract = { address, shard: residence.shard };
  return residence.shard;
}

/** Ends a call to a contract of another shard: 0, with `RemoteContract(address, shard)` as return data. */
export function failRemoteCall(
  frame: Frame,
  address: Address,
  shard: ShardId,
  outputOffset: number,
  outputLength: number,
): void {
  frame.returnData = remoteContractError(address, shard);
  frame.memory.write(outputOffset, frame.returnData.subarray(0, outputLength));
  frame.stack.push(0n);
}
