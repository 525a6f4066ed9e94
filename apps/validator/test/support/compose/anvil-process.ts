import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** As npm names platforms, to how the package names its binaries. */
const PLATFORMS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const START_TIMEOUT_MS = 20_000;

/** A plain Ethereum chain in a process of its own. */
export interface AnvilProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** The binary that npm installed for this machine; `null` when there is none. */
export function findAnvil(): string | null {
  const requireFrom = createRequire(import.meta.url);
  const name = `@foundry-rs/anvil-${process.platform}-${PLATFORMS[process.arch] ?? process.arch}`;
  try {
    const binary = join(dirname(requireFrom.resolve(`${name}/package.json`)), 'bin', 'anvil');
    return existsSync(binary) ? binary : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/** Starts the binary on a free port, with the rules and the accounts of a devnet. */
export async function startAnvil(binary: string, accounts: number): Promise<AnvilProcess> {
  const rules = ['--hardfork', 'osaka', '--enable-tx-gas-limit'];
  const child = spawn(binary, ['--port', '0', '--accounts', String(accounts), ...rules], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit');
  const listening = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => listening.reject(new Error(`anvil was not ready in ${START_TIMEOUT_MS} ms`)),
    START_TIMEOUT_MS,
  );
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, address] = /^Listening on (\S+)$/.exec(line) ?? [];
    if (address !== undefined) listening.resolve(address);
  });
  child.once('exit', (code) => listening.reject(new Error(`anvil ended with ${code} before it was ready`)));
  const url = `http://${await listening.promise.finally(() => clearTimeout(timer))}`;
  return {
    url,
    stop: async () => {
      process.removeListener('exit', kill);
      kill();
      await exited;
    },
  };
}
