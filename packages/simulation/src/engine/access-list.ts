import { createAddress, openUnionWorld, watchSteps } from '@heddle/execution';
import { type AccessList, type Address, PRECOMPILE_ADDRESSES, recoverAuthority } from '@heddle/types';
import type { CallOutcome, StateSource } from '../types.ts';
import { AccessObserver } from './access-observer.ts';
import { cappedGas, MessageRun, type MessageTask, outcomeOf, statesOf } from './message-run.ts';

/** eth_createAccessList. */
export type AccessListTask = MessageTask;

export interface AccessListResult {
  /** Sorted. What a transaction has warm anyway is left out: sender, target, precompiles, authorities (as in geth). */
  readonly accessList: AccessList;
  /** Of the run with that list. 'invalid': there is no list. */
  readonly outcome: CallOutcome;
}

/**
 * Runs until the list of what was accessed is the list that it ran with: having a list may change what code does. Lists only
 * grow from run to run (as geth's), so that comes to an end.
 */
export function runAccessList(task: AccessListTask, source: StateSource): AccessListResult {
  const excluded = excludedAddresses(task, source);
  let before = new AccessObserver(task.message.accessList, excluded);
  for (;;) {
    const accessList = before.accessList();
    const run = new MessageRun({ ...task, message: { ...task.message, accessList } }, task.block, source);
    const observer = new AccessObserver(accessList, excluded);
    const outcome = outcomeOf(() => run.run(cappedGas(task), watchSteps(observer)));
    if (outcome.kind === 'invalid') return { accessList: [], outcome };
    if (observer.size === before.size) return { accessList, outcome };
    before = observer;
  }
}

function excludedAddresses({ point, overrides, message }: AccessListTask, source: StateSource): ReadonlySet<Address> {
  const world = openUnionWorld(statesOf(point, overrides, source), point.historyShard);
  const excluded = new Set<Address>(Object.values(PRECOMPILE_ADDRESSES));
  excluded.add(message.from);
  excluded.add(message.to ?? createAddress(message.from, world.unrecorded.account(message.from)?.nonce ?? 0n));
  for (const authorization of message.authorizationList) {
    const authority = recoverAuthority(authorization);
    if (authority !== null) excluded.add(authority);
  }
  return excluded;
}
