import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from './check.ts';
import { output } from './command.ts';
import { installed } from './packages.ts';

/** As npm names platforms, to how the packages name their binaries. */
const PLATFORMS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
/** A command compiles, executes and waits for receipts. */
export const LIMIT_MS = 90_000;
const SETTINGS = `[profile.default]
src = "src"
out = "out"
libs = []
solc = "./solc"
offline = true
evm_version = "cancun"
`;

/** Foundry's programs in a project of their own, pointed at a network. */
export interface Foundry {
  cast(...args: readonly string[]): Promise<string>;
  forge(...args: readonly string[]): Promise<string>;
  /** What is typed goes in as its only line. */
  chisel(line: string): Promise<string>;
}

/** Makes the project anew: nothing of another network is cached. */
export function openFoundry({ work, network, http }: Subject): Foundry {
  const packages = installed(work, 'foundry');
  const folder = join(packages, `project-${network}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(import.meta.dirname, 'projects', 'foundry'), folder, { recursive: true });
  mkdirSync(join(folder, 'src'));
  cpSync(join(import.meta.dirname, 'contracts', 'Tally.sol'), join(folder, 'src', 'Tally.sol'));
  writeFileSync(join(folder, 'foundry.toml'), SETTINGS);
  writeFileSync(join(folder, 'solc'), compilerScript(packages));
  chmodSync(join(folder, 'solc'), 0o755);
  // Foundry keeps caches and settings at home.
  const env = { ETH_RPC_URL: http, FOUNDRY_DISABLE_NIGHTLY_WARNING: '1', HOME: folder };
  const run = (program: string, args: readonly string[]): Promise<string> =>
    output(binary(packages, program), args, { folder, env, limitMs: LIMIT_MS });
  return {
    cast: (...args) => run('cast', args),
    forge: (...args) => run('forge', args),
    chisel: (line) => run('chisel', ['--fork-url', http, 'eval', line]),
  };
}

function binary(packages: string, program: string): string {
  const system = `${process.platform}-${PLATFORMS[process.arch] ?? process.arch}`;
  return join(packages, 'node_modules', '@foundry-rs', `${program}-${system}`, 'bin', program);
}

/** solc from npm is JavaScript: this looks like the program that Foundry expects. */
function compilerScript(packages: string): string {
  return `#!${process.execPath}
const solc = require(${JSON.stringify(join(packages, 'node_modules', 'solc'))});
if (process.argv.includes('--version')) {
  console.log('solc, the solidity compiler commandline interface\\nVersion: ' + solc.version().replace('Emscripten.clang', 'Linux.g++'));
} else {
  process.stdout.write(solc.compile(require('node:fs').readFileSync(0, 'utf8')));
}
`;
}
