import { join } from 'node:path';

/** What the folder of one validator holds. */
export interface ValidatorLayout {
  readonly directory: string;
  /** Whose data this is: version, genesis, machine. */
  readonly marker: string;
  /** Unless a setting names another. */
  readonly genesis: string;
  readonly config: string;
  readonly keys: string;
  readonly networkKey: string;
  /** Databases, journal, signer's record; the node's own. */
  readonly data: string;
  /** Bans and addresses of peers; may be removed. */
  readonly peers: string;
  /** Held by the process that uses the folder. */
  readonly lock: string;
}

export function validatorLayout(directory: string): ValidatorLayout {
  const keys = join(directory, 'keys');
  return {
    directory,
    marker: join(directory, 'heddle-validator.json'),
    genesis: join(directory, 'genesis.json'),
    config: join(directory, 'config.toml'),
    keys,
    networkKey: join(keys, 'network.key'),
    data: join(directory, 'data'),
    peers: join(directory, 'peers.json'),
    lock: join(directory, 'LOCK'),
  };
}
