import manifest from '../package.json' with { type: 'json' };
import { runCommandLine } from './command-line.ts';

await runCommandLine({
  words: process.argv.slice(2),
  version: manifest.version,
  // npm runs a script in the package's folder and leaves the user's own in INIT_CWD.
  workingDirectory: (process.env.npm_lifecycle_event === 'devnet' ? process.env.INIT_CWD : undefined) ?? process.cwd(),
  loadNode: () => import('@heddle/node'),
  // When a devnet's owner corrupts a validator: no other node has them.
  loadActors: async () => (await import('@heddle/byzantine')).byzantineActors,
});
