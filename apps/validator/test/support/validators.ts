import { type DevnetProcess, rpc } from './devnet-process.ts';

/** Stops one validator of a devnet and leaves the others running. Throws when it does not run. */
export async function stopValidator(url: string, index: number): Promise<void> {
  if ((await rpc(url, 'heddle_stopValidator', [index])) !== true) throw new Error(`validator ${index} was not running`);
}

/** Starts a stopped validator of a devnet. Throws when it runs already. */
export async function startValidator(url: string, index: number): Promise<void> {
  if ((await rpc(url, 'heddle_startValidator', [index])) !== true) throw new Error(`validator ${index} was running`);
}

/** Number of the latest final block. */
export async function readHeight(url: string): Promise<number> {
  return Number(await rpc(url, 'eth_blockNumber'));
}

/** What the validators have logged as errors: none is expected, whatever is stopped or started. */
export function loggedErrors(devnet: Pick<DevnetProcess, 'log'>): readonly string[] {
  return devnet
    .log()
    .split('\n')
    .filter((line) => / ERROR /.test(line));
}
