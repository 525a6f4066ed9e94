import { isRecord } from '@heddle/primitives/is-record';
import type { Lifecycle } from '../lifecycle.ts';
import { NETWORK_STATUS_MS } from '../limits.ts';
import { askNode } from '../status/ask-node.ts';
import { memberDirectories } from './explain-network.ts';
import { type MemberProcess, startMember } from './member-process.ts';

export interface NetworkSurroundings {
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly lifecycle: Lifecycle;
  /** Runs `task` again and again until the returned function is called. */
  readonly every: (ms: number, task: () => void) => () => void;
  /** All have ended by themselves: with the greatest code of any, or 1 where a signal ended one. */
  readonly allEnded: (code: number) => void;
}

/** Runs the validators of a network, each in a process of its own, until a signal stops them together. Throws `DataDirectoryError`. */
export function startNetwork(dir: string, surroundings: NetworkSurroundings): void {
  const { print, printError, lifecycle, every, allEnded } = surroundings;
  const members: MemberProcess[] = [];
  for (const directory of memberDirectories(dir)) {
    const member = startMember(directory, printError, () => print(`${member.name}  answers at ${member.url()}\n`));
    members.push(member);
    void member.ended.then((code) => {
      if (!lifecycle.isStopping) printError(`${member.name}  ended with ${code ?? 'a signal'}\n`);
    });
  }
  const unwatch = every(NETWORK_STATUS_MS, () => void showStatus(members, print));
  const ended = Promise.all(members.map((member) => member.ended));
  void ended.then((codes) => {
    unwatch();
    if (!lifecycle.isStopping) allEnded(Math.max(...codes.map((code) => code ?? 1)));
  });
  lifecycle.started(async () => {
    unwatch();
    for (const member of members) member.stop();
    await ended;
  });
}

/** A line for each that answers. */
async function showStatus(members: readonly MemberProcess[], print: (text: string) => void): Promise<void> {
  const lines = await Promise.all(
    members.map(async (member) => {
      const url = member.url();
      return url === null ? `${member.name}  starting` : `${member.name}  ${await heightAt(url)}  ${url}`;
    }),
  );
  print(`${lines.join('\n')}\n`);
}

async function heightAt(url: string): Promise<string> {
  try {
    const request = { jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] };
    const answer: unknown = JSON.parse(await askNode(url, request));
    return isRecord(answer) && typeof answer.result === 'string' ? `block ${Number(answer.result)}` : 'no height';
  } catch {
    return 'does not answer';
  }
}
