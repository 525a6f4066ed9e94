import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

/** What systemd and dbus call this installation. */
const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/**
 * A name of this folder on this machine: a copy of the folder has another one, there and here. A copy of the whole machine
 * has the same.
 */
export function machineOf(directory: string): string {
  const { ino } = statSync(directory, { bigint: true });
  return createHash('sha256').update(`heddle ${machineId()} ${ino}`).digest('hex').slice(0, 32);
}

function machineId(): string {
  for (const path of MACHINE_ID_FILES) {
    const id = textOf(path);
    if (id !== '') return id;
  }
  return hostname();
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
