import { peerOf } from '@heddle/network';
import { hexToBytes } from '@heddle/primitives';
import { rpc } from '../../apps/validator/test/support/devnet-process.ts';
import { bootnodesOf, publicKeyOf, type RunningMember } from '../../apps/validator/test/support/running-network.ts';
import { quantile } from '../../apps/validator/test/support/transfer-clock.ts';
import { loggedErrors } from '../../apps/validator/test/support/validators.ts';
import type { AttackReport } from './target.ts';

/** What has to hold. */
export interface Check {
  readonly what: string;
  readonly isGood: boolean;
  /** A figure of this machine: only a long run on an idle one tells. */
  readonly isFigure: boolean;
  readonly found: string;
}

const MAX_SLOWDOWN = 2;

export function latencyCheck(before: readonly number[], during: readonly number[]): Check {
  const [calm, attacked] = [quantile(before, 0.5), quantile(during, 0.5)];
  return {
    what: `users wait no longer than ${MAX_SLOWDOWN} times as long, at the median`,
    isGood: attacked <= MAX_SLOWDOWN * calm,
    isFigure: true,
    found: `${calm} ms before, ${attacked} ms under attack (${before.length} and ${during.length} transfers)`,
  };
}

/** Offenders and connections that say nothing are thrown out. */
export function thrownOutChecks({ deeds, isClosed }: AttackReport): readonly Check[] {
  const banned = deeds.filter(({ what }) => what.includes('banned'));
  const connections = banned.reduce((sum, deed) => sum + deed.connections, 0);
  const ended = banned.reduce((sum, deed) => sum + deed.ended, 0);
  return [
    {
      what: 'who breaks the rules of streams is disconnected',
      isGood: connections > 0 && ended === connections,
      isFigure: false,
      found: `${ended} of ${connections}`,
    },
    closedCheck('half-open connections', isClosed.halfOpen),
    closedCheck('500 connections from one address', isClosed.crowd),
  ];
}

function closedCheck(which: string, isGood: boolean): Check {
  return { what: `${which} are closed`, isGood, isFigure: false, found: isGood ? 'all' : 'not all in time' };
}

/** Names and peer ids in what validators say about those whom they ban or block. */
export function blameChecks(members: readonly RunningMember[], stolen: string): readonly Check[] {
  const accused = members.flatMap(accusations);
  const honest = [...members.map(({ directory }) => nameOf(directory)), ...bootnodesOf(stolen).map(peerIdOf)];
  const wronged = accused.filter((line) => honest.some((name) => line.includes(name)));
  const attacker = nameOf(stolen);
  const blocking = members.filter((member) => accusations(member).some((line) => line.includes(attacker)));
  return [
    {
      what: 'the attacker inside the set is blocked by all',
      isGood: blocking.length === members.length,
      isFigure: false,
      found: `by ${blocking.length} of ${members.length}`,
    },
    {
      what: 'nobody honest is banned or blocked',
      isGood: wronged.length === 0,
      isFigure: false,
      found: wronged[0] ?? `${accused.length} others are`,
    },
  ];
}

/** It runs, has logged no error, and has found nobody who signed twice, nor a bug in its lanes. */
export async function healthCheck(member: RunningMember): Promise<Check> {
  const found = loggedErrors(member)[0] ?? (await complaintOf(member));
  const what = `validator ${member.index} is well`;
  return { what, isGood: found === null, isFigure: false, found: found ?? 'it answers and has logged no error' };
}

async function complaintOf({ url }: RunningMember): Promise<string | null> {
  const topology: unknown = await rpc(url, 'shard_topology').catch(() => null);
  if (typeof topology !== 'object' || topology === null || !('evidence' in topology) || !('disagreements' in topology))
    return 'it does not answer';
  const { evidence, disagreements } = topology;
  return evidence === 0 && disagreements === 0 ? null : `evidence ${evidence}, disagreements ${disagreements}`;
}

function accusations(member: RunningMember): readonly string[] {
  return member
    .log()
    .split('\n')
    .filter((line) => /peer blocked for the epoch|peer banned/.test(line));
}

function nameOf(directory: string): string {
  return peerOf(hexToBytes(publicKeyOf(directory)));
}

function peerIdOf(bootnode: string): string {
  return bootnode.replace(/^.*\/p2p\//, '');
}
