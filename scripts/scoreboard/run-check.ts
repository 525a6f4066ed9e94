import { fork } from 'node:child_process';
import { join } from 'node:path';
import { type NetworkName, startNetwork } from '../../apps/validator/test/support/compared-networks.ts';
import type { Subject } from './check.ts';
import type { CheckName } from './checks/names.ts';
import { reasonOf } from './flows.ts';
import { type FoundRow, notRun } from './result.ts';

/** What the child is told. */
export interface Order {
  readonly check: CheckName;
  readonly subject: Subject;
}

/** Hardhat compiles, forge executes whole suites: minutes on a slow machine. */
const LIMIT_MS = 15 * 60_000;
const ACCOUNTS = 10;

/** Starts the network, lets the check run, ends the network. Whatever goes wrong is a row that says so. */
export async function runCheck(
  check: CheckName,
  name: NetworkName,
  given: Pick<Subject, 'work' | 'openrpc' | 'openzeppelin'>,
): Promise<readonly FoundRow[]> {
  try {
    const network = await startNetwork(name, ACCOUNTS);
    const subject = { ...given, network: name, http: network.url, ws: network.url.replace('http', 'ws') };
    const rows = await inChild({ check, subject }).catch((error: unknown) => [notRun(check, reasonOf(error))]);
    await network.stop();
    return rows;
  } catch (error) {
    return [notRun(check, reasonOf(error))];
  }
}

function inChild(order: Order): Promise<readonly FoundRow[]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'child.ts'), { stdio: ['ignore', 2, 2, 'ipc'] });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not done after ${LIMIT_MS / 60_000} minutes`));
    }, LIMIT_MS);
    child.once('message', (rows: readonly FoundRow[]) => resolve(rows));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`its process ended with ${code ?? signal} before it had a result`));
    });
    child.send(order);
  });
}
