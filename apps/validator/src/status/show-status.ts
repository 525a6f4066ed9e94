import type { StatusFlags } from '../flags/status-commands.ts';
import { rowsText } from '../rows-text.ts';
import { readStatus, type StatusReport } from './read-status.ts';

export interface StatusSurroundings {
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly wallMs: () => number;
}

/** Shows how a node is doing; false when it is not well. */
export async function showStatus(
  { url, json }: StatusFlags,
  { print, printError, wallMs }: StatusSurroundings,
): Promise<boolean> {
  const status = await readStatus(url);
  const isWell = !('problem' in status) && status.halted === null;
  if (json) print(`${JSON.stringify({ url, isWell, ...status })}\n`);
  else if ('problem' in status) printError(`heddle: ${status.problem}\n`);
  else print(statusText(url, status, wallMs() / 1_000));
  return isWell;
}

/** `nowSeconds`: since 1970. */
export function statusText(url: string, status: StatusReport, nowSeconds: number): string {
  const { version, chainId, head, headTimestamp, validators, reached, peers, pending, queued, shards } = status;
  const rows: readonly (readonly [string, string])[] = [
    ['node', `${version} at ${url}`],
    ['chain', `${chainId}, ${shards.length} ${shards.length === 1 ? 'shard' : 'shards'}`],
    ['head', `block ${head}, ${ageText(nowSeconds - headTimestamp)}`],
    ['validators', `${reached} of ${validators} within reach, ${peers} peers`],
    ['pool', `${pending} pending, ${queued} waiting for a nonce`],
    ...shards.map(({ shard, height, gasUsed }): [string, string] => [
      `shard ${shard}`,
      `newest chunk in block ${height}, ${gasUsed} gas`,
    ]),
    ['state', stateText(status)],
  ];
  return rowsText(rows);
}

function stateText({ halted, syncingTo }: StatusReport): string {
  if (halted !== null) return `halted: ${halted}`;
  return syncingTo === null ? 'well: blocks come when there is work' : `fetches blocks up to ${syncingTo}`;
}

/** Clocks differ: a block may seem to come from the future. */
function ageText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 120) return `${whole} s old`;
  if (whole < 7_200) return `${Math.floor(whole / 60)} min old`;
  return `${Math.floor(whole / 3_600)} h old`;
}
