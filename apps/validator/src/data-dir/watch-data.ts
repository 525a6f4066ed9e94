import { DIRECTORY_CHECK_MS } from '../limits.ts';

/** A data directory that a process uses. */
interface WatchedData {
  readonly directory: string;
  /** What of it has been removed; null if nothing has. */
  missing(): string | null;
}

interface WatchPorts {
  /** Runs `task` again and again, without keeping the process alive, until the returned function is called. */
  readonly every: (ms: number, task: () => void) => () => void;
  readonly dataVanished: (problem: string) => void;
}

/**
 * An open file that has been removed takes what is written as if nothing had happened. `wayOut`: what its user may do before
 * the next start. Ends with the first that is missing, or when the returned function is called.
 */
export function watchData(data: WatchedData, { every, dataVanished }: WatchPorts, wayOut: string): () => void {
  const unwatch = every(DIRECTORY_CHECK_MS, () => {
    const missing = data.missing();
    if (missing === null) return;
    unwatch();
    dataVanished(
      `data directory ${data.directory}: ${missing} has been removed while it was in use, so what is written is lost; ` +
        `stopping. ${wayOut}`,
    );
  });
  return unwatch;
}
