import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirectoryError } from '../errors.ts';
import { validatorLayout } from '../validator/layout.ts';

/** The folders of a network's validators, in their order. Throws `DataDirectoryError` for another folder. */
export function memberDirectories(dir: string): readonly string[] {
  const names = existsSync(join(dir, 'genesis.json')) ? readdirSync(dir) : [];
  const indices = names.flatMap((name) => /^validator-(\d{1,3})$/.exec(name)?.[1] ?? []).map(Number);
  if (indices.length === 0) {
    throw new DataDirectoryError(dir, 'it is no network; write one with heddle network create');
  }
  return indices.sort((a, b) => a - b).map((index) => join(dir, `validator-${index}`));
}

/** How each validator is run by hand. */
export function explanation(dir: string): string {
  const directories = memberDirectories(dir);
  const runs = directories.flatMap((directory) => [
    `# ${directory}: settings in ${validatorLayout(directory).config}`,
    `npm run heddle -- validator --data-dir ${quoted(directory)}`,
    '',
  ]);
  return [
    `# ${directories.length} validators. Run each in a terminal of its own, or copy its folder to a machine of its own, with`,
    '# private permissions (cp -a, rsync -a), and run the command there with the path that it has there.',
    '# A folder that was copied signs nothing until it is clear that its key runs nowhere else: a minute at most.',
    '# Never run two copies of one folder: two contradicting signatures are evidence against the validator.',
    '',
    ...runs,
  ].join('\n');
}

/** As a shell reads it. */
function quoted(path: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
