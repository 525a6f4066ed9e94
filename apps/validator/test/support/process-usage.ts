import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10;
/** Of the fields of /proc/PID/stat that stand after the name of the command: utime and stime. */
const UTIME = 11;
const STIME = 12;

/** What a process has in memory, bytes; 0 if it does not run. Linux only. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status')) ?? [];
  return Number(kilobytes ?? 0) * 1_024;
}

/** User and system time of a process so far, milliseconds. Linux only. */
export function cpuMs(pid: number): number {
  const stat = readProc(pid, 'stat');
  // The name stands in parentheses and may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME] ?? 0) + Number(fields[STIME] ?? 0)) * TICK_MS;
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** What the files of a folder have on disk, in bytes, with those of its folders. What vanishes meanwhile counts nothing. */
export function folderBytes(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) bytes += folderBytes(path);
    else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
