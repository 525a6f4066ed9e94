import { join } from 'node:path';

/** The same number as the databases' FORMAT_VERSION (@heddle/storage); counted up with it. */
export const DATA_VERSION = 3;

/** What a devnet keeps in its data directory. Nothing else in there belongs to Heddle. */
export interface DataLayout {
  readonly directory: string;
  /** Says that this is a Heddle devnet's, in which version, and which flags its chain was made with. */
  readonly marker: string;
  /** The chain's genesis file, written once. */
  readonly genesis: string;
  /** Databases; the node's own. */
  readonly chain: string;
  /** Held by the process that uses the directory. */
  readonly lock: string;
}

export function dataLayout(directory: string): DataLayout {
  return {
    directory,
    marker: join(directory, 'heddle-devnet.json'),
    genesis: join(directory, 'genesis.json'),
    chain: join(directory, 'chain'),
    lock: join(directory, 'LOCK'),
  };
}
