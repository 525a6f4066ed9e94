import { readBounded, systemErrorCode, writeDurably } from '@heddle/files';
import type { PeerFile } from '@heddle/libp2p';
import type { Logger } from '@heddle/node';
import { errorMessage } from '../errors.ts';
import { MAX_PEER_FILE_BYTES } from '../limits.ts';

/** The file that keeps what a node knows of peers. Nothing depends on it: what goes wrong with it is said once, and left. */
export function peerFile(path: string, log: Pick<Logger, 'warn'>): PeerFile {
  let isTold = false;
  const tell = (what: string, error: unknown): void => {
    if (!isTold) log.warn(what, { path, reason: errorMessage(error) });
    isTold = true;
  };
  return {
    read: () => {
      try {
        return new TextDecoder().decode(readBounded(path, MAX_PEER_FILE_BYTES));
      } catch (error) {
        if (systemErrorCode(error) !== 'ENOENT') tell('what was known of peers can not be read, and is ignored', error);
        return null;
      }
    },
    write: (text) => {
      try {
        writeDurably(path, text);
      } catch (error) {
        tell('what is known of peers can not be written: it is lost with the next restart', error);
      }
    },
  };
}
