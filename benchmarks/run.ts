/** npm run bench -- NAME [arguments …]: runs one benchmark of this folder. Each prints its figures as one JSON line. */
import { readdirSync } from 'node:fs';

const [name = '', ...args] = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length));
if (names.includes(name)) {
  process.argv.splice(2, process.argv.length, ...args);
  await import(`./${name}.ts`);
} else {
  process.stderr.write(`usage: npm run bench -- NAME [arguments …], NAME being one of: ${names.join(', ')}\n`);
  process.exitCode = 2;
}
