/**
 * Compiles the contracts of this folder with solc from npm and prints `{"<name>": {"abi": …, "bytecode": "0x…"}}`.
 * The tests run it; nothing that it prints is kept, since OpenZeppelin's code is not ours to store.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<
    Record<
      string,
      Readonly<
        Record<string, { readonly abi: unknown; readonly evm: { readonly bytecode: { readonly object: string } } }>
      >
    >
  >;
}

const folder = dirname(fileURLToPath(import.meta.url));
const requireFrom = createRequire(import.meta.url);
const solc: Compiler = requireFrom('solc');

const names = readdirSync(folder).filter((name) => name.endsWith('.sol'));
const input = {
  language: 'Solidity',
  sources: Object.fromEntries(names.map((name) => [name, { content: readFileSync(join(folder, name), 'utf8') }])),
  settings: {
    evmVersion: 'osaka',
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
  },
};
const readImport = (path: string): { contents: string } => ({
  contents: readFileSync(requireFrom.resolve(path), 'utf8'),
});
const output: Output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
const fatal = (output.errors ?? []).filter(({ severity }) => severity === 'error');
if (fatal.length > 0) {
  process.stderr.write(fatal.map(({ formattedMessage }) => formattedMessage).join('\n'));
  process.exit(1);
}
const compiled = names.flatMap((name) =>
  Object.entries(output.contracts[name] ?? {}).map(([contract, { abi, evm }]) => [
    contract,
    { abi, bytecode: `0x${evm.bytecode.object}` },
  ]),
);
process.stdout.write(JSON.stringify(Object.fromEntries(compiled)));
