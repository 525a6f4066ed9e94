import { execFile } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** How a program is run. */
export interface Surroundings {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

/** Characters of what it said that are kept as the reason of a failure. */
const REASON_LENGTH = 400;

/** What a program wrote to standard output. Throws with what it said when it fails or takes too long. */
export function output(file: string, args: readonly string[], { folder, env, limitMs }: Surroundings): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { ...process.env, ...env }, timeout: limitMs, maxBuffer: 2 ** 26 };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(
          new Error(error.killed === true ? `not done after ${limitMs / 1_000} s` : wordsOf(`${stderr}\n${stdout}`)),
        );
    });
    child.stdin?.end();
  });
}

/** The lines that say what is wrong, where there are such; paths of this machine say nothing. */
function wordsOf(text: string): string {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const telling = lines.filter(
    (line) => /error|revert|fail|not |unsupported/i.test(line) && !/^warning/i.test(line.trim()),
  );
  return (telling.length === 0 ? lines : telling)
    .slice(0, 3)
    .join(' ')
    .replace(/(\/[\w.@-]+){3,}/g, '…')
    .slice(0, REASON_LENGTH);
}
