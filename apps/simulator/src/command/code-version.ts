import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
/** Everything that decides what a seed does. */
const FOLDERS = ['packages', 'apps/simulator/src', 'package-lock.json'];

/** A hash over the sources as they lie there, committed or not: seeds that were played with others prove nothing. */
export function codeVersion(): string {
  const hash = createHash('sha256');
  for (const path of FOLDERS.flatMap((folder) => sourcesIn(join(ROOT, folder)))) {
    hash.update(`${relative(ROOT, path)}\n`);
    hash.update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The files, sorted by name at each level, without tests and what was installed. */
function sourcesIn(path: string): readonly string[] {
  if (/\.[a-z]+$/.test(path)) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const child = join(path, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'test', 'scripts'].includes(entry.name) ? [] : sourcesIn(child);
    return /\.ts$/.test(entry.name) ? [child] : [];
  });
}
