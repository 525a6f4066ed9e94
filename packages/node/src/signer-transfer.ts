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
  /** As in `DevnetOptions`. */
  readonly dataDir: string;
  readonly genesis: Genesis;
  readonly validator: ValidatorIndex;
}

/**
 * The text of an interchange file with everything that the validator's key has signed. Throws `UnknownValidatorError`
 * and what `readSignerHistory` throws.
 */
export async function exportSigner(place: SignerPlace): Promise<string> {
  const publicKey = publicKeyOf(place);
  const history = await readSignerHistory(mediumOf(place));
  return encodeInterchange({ genesisHash: genesisHashOf(place), keys: [{ publicKey, history }] });
}

/**
 * Adds what an interchange file says of the validator's key; returns what its signer knows then. Throws
 * `UnknownValidatorError`, `InvalidInterchangeError`, `ContradictorySignerRecordsError` and what storage throws; then
 * nothing has been changed.
 */
export async function importSigner(place: SignerPlace, text: string): Promise<SignerHistory> {
  const imported = historyIn(parseInterchange(text), genesisHashOf(place), publicKeyOf(place));
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

function mediumOf({ dataDir, validator }: SignerPlace): Medium {
  return directoryMedium(validatorDirectory(dataDir, validator));
}

function genesisHashOf({ genesis }: SignerPlace): Hex {
  return buildGenesis(genesis).write.blockHash;
}

function publicKeyOf({ genesis, validator }: SignerPlace): Hex {
  const found = genesis.validators[validator];
  if (found === undefined) throw new UnknownValidatorError(validator, genesis.validators.length);
  return bytesToHex(found.publicKey);
}
