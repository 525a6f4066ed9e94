import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Largest sizes of the process that were seen, in bytes. */
export class MemoryMeter {
  rss = 0;
  /** Its own memory: heap, buffers, what LevelDB allocates. */
  anonymous = 0;
  /** Pages of files that are mapped, tables of LevelDB: the system takes them back when it needs memory. */
  mapped = 0;

  sample(): void {
    const status = readStatus();
    const bytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
    this.rss = Math.max(this.rss, process.memoryUsage.rss());
    this.anonymous = Math.max(this.anonymous, bytes('RssAnon'));
    this.mapped = Math.max(this.mapped, bytes('RssFile'));
  }
}

/** Empty where there is no procfs. */
function readStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}

/** Bytes of all files below a directory. */
export function directoryBytes(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    bytes += entry.isDirectory() ? directoryBytes(path) : statSync(path).size;
  }
  return bytes;
}
