import { encodeInterchange, historyIn, mergeHistories, parseInterchange, type SignerHistory } from '@heddle/consensus';
import { bytesToHex, type Hex } from '@heddle/primitives';
import {
  directoryMedium,
  type Medium,
  readSignerHistory,
  SignerMissingError,
  writeSignerHistory,
} from '@heddle/storage';
import type { Genesis, ValidatorIndex } from '@heddle/types';
import { validatorDirectory } from './devnet/devnet-options.ts';
import { UnknownValidatorError } from './errors.ts';
import { buildGenesis } from './genesis/genesis-block.ts';

/** Whose records. The validator does not run, and its folder is locked for this process. */
export interface SignerPlace {
  /** Where the validator keeps everything. */
  readonly directory: string;
  readonly genesis: Genesis;
  /** 48 bytes. */
  readonly publicKey: Hex;
}

/** Those of a devnet's validator. `dataDir`: as in `DevnetOptions`. Throws `UnknownValidatorError`. */
export function devnetSignerPlace(dataDir: string, genesis: Genesis, validator: ValidatorIndex): SignerPlace {
  const found = genesis.validators[validator];
  if (found === undefined) throw new UnknownValidatorError(validator, genesis.validators.length);
  return { directory: validatorDirectory(dataDir, validator), genesis, publicKey: bytesToHex(found.publicKey) };
}

/**
 * The text of an interchange file with everything that the validator's key has signed. Throws what `readSignerHistory` throws.
 */
export async function exportSigner(place: SignerPlace): Promise<string> {
  const history = await readSignerHistory(mediumOf(place));
  return encodeInterchange({ genesisHash: genesisHashOf(place), keys: [{ publicKey: place.publicKey, history }] });
}

/**
 * Adds what an interchange file says of the validator's key; returns what its signer knows then. Throws
 * `InvalidInterchangeError`, `ContradictorySignerRecordsError` and what storage throws; then
 * nothing has been changed.
 */
export async function importSigner(place: SignerPlace, text: string): Promise<SignerHistory> {
  const imported = historyIn(parseInterchange(text), genesisHashOf(place), place.publicKey);
  const medium = mediumOf(place);
  const merged = mergeHistories(await ownHistory(medium), imported);
  await writeSignerHistory(medium, merged);
  return merged;
}

/** A validator that has none yet, or not any more, takes over what is imported. */
async function ownHistory(medium: Medium): Promise<SignerHistory> {
  try {
    return await readSignerHistory(medium);
  } catch (error) {
    if (error instanceof SignerMissingError) return { silentBefore: 0n, records: [] };
    throw error;
  }
}

function mediumOf({ directory }: SignerPlace): Medium {
  return directoryMedium(directory);
}

function genesisHashOf({ genesis }: SignerPlace): Hex {
  return buildGenesis(genesis).write.blockHash;
}
