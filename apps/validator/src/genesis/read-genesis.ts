import { FileTooLargeError, readBounded, systemErrorCode } from '@heddle/files';
import { type Genesis, InvalidGenesisError, parseGenesis } from '@heddle/types';
import { errorMessage, GenesisError } from '../errors.ts';
import { MAX_STATE_FILE_BYTES } from '../limits.ts';

/** Reads a network's genesis file: geth's, with `config.heddle`. Throws `GenesisError`, which names what is wrong by its key. */
export function readGenesis(path: string): Genesis {
  const json = parseJson(path, readText(path));
  try {
    return parseGenesis(json);
  } catch (error) {
    if (error instanceof InvalidGenesisError) throw new GenesisError(path, `${error.facts.key}: ${error.facts.reason}`);
    throw error;
  }
}

function readText(path: string): string {
  try {
    return new TextDecoder().decode(readBounded(path, MAX_STATE_FILE_BYTES));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') throw new GenesisError(path, 'the genesis file is not there; name it with --genesis');
    if (code === null && !(error instanceof FileTooLargeError)) throw error;
    throw new GenesisError(path, `the genesis file cannot be read (${errorMessage(error)})`);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new GenesisError(path, `it is no JSON (${errorMessage(error)})`);
  }
}
