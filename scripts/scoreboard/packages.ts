import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Folders of packages. */
export type PackageSet = 'clients' | 'foundry' | 'hardhat2' | 'hardhat3';

/** The compiler that Hardhat and Foundry are given. */
export const SOLC_VERSION = '0.8.37';

/**
 * What the scoreboard brings along, by folder, pinned. viem, ethers 6, solc and anvil are the project's own. Nothing here needs an
 * install script: what looks like a binary comes as one.
 */
export const PACKAGES: Readonly<Record<PackageSet, Readonly<Record<string, string>>>> = {
  clients: {
    ajv: '8.20.0',
    ethers5: 'npm:ethers@5.8.0',
    web3: '4.16.0',
    '@wagmi/core': '3.6.5',
    viem: '2.57.20',
  },
  foundry: {
    '@foundry-rs/cast': '1.7.1',
    '@foundry-rs/chisel': '1.7.1',
    '@foundry-rs/forge': '1.7.1',
    solc: SOLC_VERSION,
  },
  hardhat2: {
    '@nomicfoundation/hardhat-ethers': '3.1.3',
    '@nomicfoundation/hardhat-ignition': '0.15.16',
    '@nomicfoundation/hardhat-ignition-ethers': '0.15.17',
    '@nomicfoundation/hardhat-network-helpers': '1.1.2',
    '@nomicfoundation/hardhat-verify': '2.1.3',
    '@nomicfoundation/ignition-core': '0.15.15',
    ethers: '6.17.0',
    hardhat: '2.29.1',
    solc: SOLC_VERSION,
  },
  hardhat3: {
    '@nomicfoundation/hardhat-toolbox-viem': '5.0.7',
    '@types/node': '24.19.2',
    hardhat: '3.18.0',
    solc: SOLC_VERSION,
    typescript: '5.9.3',
    viem: '2.57.20',
  },
};

const MANIFEST = 'package.json';
const DONE = '.heddle-installed';
const INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** The folder of a set in the work folder. */
export function folderOf(work: string, set: PackageSet): string {
  return join(work, set);
}

/** Installs the set where it is not there yet in these versions; offline otherwise. Throws with npm's words. */
export function installed(work: string, set: PackageSet): string {
  const folder = folderOf(work, set);
  const manifest = manifestOf(set);
  const done = join(folder, DONE);
  if (existsSync(done) && readFileSync(done, 'utf8') === manifest) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, MANIFEST), manifest);
  process.stderr.write(`installing ${set} into ${folder}\n`);
  // npm runs under the Node that the project pins: Hardhat 3 needs a newer one than some machines have.
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`;
  const { status, stderr } = spawnSync('npm', [...INSTALL, ...PEERS[set]], {
    cwd: folder,
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm install in ${folder} failed: ${stderr}`);
  writeFileSync(done, manifest);
  return folder;
}

/** Plugins of Hardhat 3 look for their peers; some of those of Hardhat 2 are for what is not used here. */
const PEERS: Readonly<Record<PackageSet, readonly string[]>> = {
  clients: [],
  foundry: [],
  hardhat2: ['--legacy-peer-deps'],
  hardhat3: [],
};

/** Loads what is installed in a folder. */
export function requireFrom(folder: string): NodeJS.Require {
  return createRequire(join(folder, MANIFEST));
}

/** Hardhat 3 wants its project to be of ES modules, Hardhat 2 the opposite. */
function manifestOf(set: PackageSet): string {
  const type = set === 'hardhat3' ? 'module' : 'commonjs';
  const { [set]: dependencies } = PACKAGES;
  return `${JSON.stringify({ name: `scoreboard-${set}`, version: '0.0.0', private: true, type, dependencies }, null, 2)}\n`;
}
