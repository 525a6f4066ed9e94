import manifest from '../package.json' with { type: 'json' };
import { runCommandLine } from './command-line.ts';

function isOwnScript(name: string | undefined): boolean {
  return name === 'devnet' || name === 'heddle';
}

await runCommandLine({
  words: process.argv.slice(2),
  version: manifest.version,
  // npm runs a script in the package's folder and leaves the user's own in INIT_CWD.
  workingDirectory: (isOwnScript(process.env.npm_lifecycle_event) ? process.env.INIT_CWD : undefined) ?? process.cwd(),
  loadNode: () => import('@heddle/node'),
  // When a devnet's owner corrupts a validator: no other node has them.
  loadActors: async () => (await import('@heddle/byzantine')).byzantineActors,
});
