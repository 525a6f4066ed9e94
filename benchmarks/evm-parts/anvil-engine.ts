import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { bytesToHex, type Hex } from '@heddle/primitives';
import type { CallResult, Engine } from './engine.ts';
import type { Workload } from './workloads.ts';

const GAS_LIMIT = 1_000_000_000_000;
const START_TIMEOUT_MS = 20_000;
const POLL_MS = 50;
/** Below this a call over HTTP is mostly HTTP. */
const LEAST_GAS = 5_000_000;
/** As npm names platforms, to how the package names its binaries. */
const PLATFORMS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** revm in anvil, asked by eth_call with the code as a state override. */
export class AnvilEngine implements Engine {
  readonly name = 'anvil';
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.#url = url;
  }

  /** `null` when there is no binary for this machine. */
  static async start(): Promise<AnvilEngine | null> {
    const binary = findBinary();
    if (binary === null) return null;
    const port = await freePort();
    // Without --enable-tx-gas-limit the cap of EIP-7825 does not apply.
    const limits = ['--gas-limit', String(GAS_LIMIT), '--disable-code-size-limit'];
    const child = spawn(binary, ['--silent', '--port', String(port), '--no-mining', ...limits], { stdio: 'ignore' });
    const engine = new AnvilEngine(child, `http://127.0.0.1:${port}`);
    try {
      await engine.#ready();
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return engine;
  }

  measures(gas: number): boolean {
    return gas >= LEAST_GAS;
  }

  async call(workload: Workload): Promise<CallResult> {
    const { contract, code, storage, data } = workload;
    const stateDiff = Object.fromEntries([...storage].map(([slot, value]) => [word(slot), word(value)]));
    // The same request for a contract that stops at once (00 before the code) is what asking costs.
    const idle = await this.#timed(
      workload,
      { [contract]: { code: bytesToHex(Uint8Array.of(0, ...code)), stateDiff } },
      data,
    );
    const real = await this.#timed(workload, { [contract]: { code: bytesToHex(code), stateDiff } }, data);
    return { output: real.output, ms: Math.max(real.ms - idle.ms, 0) };
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    if (this.#process.exitCode !== null || !this.#process.kill('SIGKILL')) return;
    await ended;
  }

  async #timed(workload: Workload, overrides: object, data: Uint8Array): Promise<CallResult> {
    const gas = `0x${GAS_LIMIT.toString(16)}`;
    const call = { from: workload.caller, to: workload.contract, data: bytesToHex(data), gas, gasPrice: '0x0' };
    const started = performance.now();
    const output = await this.#request('eth_call', [call, 'latest', overrides]);
    return { output, ms: performance.now() - started };
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await this.#request('eth_chainId', []);
        return;
      } catch (error) {
        if (performance.now() > deadline || this.#process.exitCode !== null) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async #request(method: string, params: readonly unknown[]): Promise<string> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(this.#url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const answer: { readonly result?: unknown; readonly error?: unknown } = JSON.parse(await response.text());
    if (typeof answer.result !== 'string') throw new Error(`anvil, ${method}: ${JSON.stringify(answer.error)}`);
    return answer.result;
  }
}

function findBinary(): string | null {
  const architecture = PLATFORMS[process.arch] ?? process.arch;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@foundry-rs/anvil-${system}-${architecture}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch {
    // An optional dependency: not every platform has one.
    return null;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
