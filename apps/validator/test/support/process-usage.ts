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

/** CPU time that a process and all its threads have used so far, milliseconds; `null` where it does not run, or there is no /proc. */
export function cpuTimeMs(pid: number): number | null {
  const stat = readProc(pid, 'stat');
  if (stat === '') return null;
  // The name stands in parentheses and may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME] ?? 0) + Number(fields[STIME] ?? 0)) * TICK_MS;
}

/** The same, 0 where nothing is known. */
export function cpuMs(pid: number): number {
  return cpuTimeMs(pid) ?? 0;
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
