import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from './each-storage.ts';
import { startValidatorProcess, type ValidatorProcess } from './heddle-process.ts';
import { createNetwork } from './network-of-processes.ts';

/** A validator of a network of processes. */
export interface RunningMember extends ValidatorProcess {
  readonly index: number;
  readonly directory: string;
}

/** Validators in processes of their own on this machine, on folders that are removed at the end. */
export interface RunningNetwork {
  /** Those that run. */
  readonly members: readonly RunningMember[];
  /** The folder of a validator, whether or not it runs. */
  directoryOf(index: number): string;
  /** Resolves to the exit codes of those that had not ended before. */
  stop(): Promise<readonly (number | null)[]>;
}

/** A network of so many validators, of which the first `running` run. `nodeFlags` are for Node itself. */
export async function startRunningNetwork(
  validators: number,
  running: number = validators,
  flags: readonly string[] = [],
  nodeFlags: readonly string[] = [],
): Promise<RunningNetwork> {
  const directory = await temporaryDirectory();
  const directoryOf = (index: number): string => join(directory, 'net', `validator-${index}`);
  await createNetwork(directory, validators);
  const members = await Promise.all(
    Array.from({ length: running }, async (_, index) => {
      const own = await startValidatorProcess(directoryOf(index), ['--log-level', 'warn', ...flags], nodeFlags);
      return { ...own, index, directory: directoryOf(index) };
    }),
  );
  return {
    members,
    directoryOf,
    stop: async () => {
      const codes = await Promise.all(members.map((member) => member.stop()));
      await rm(directory, { recursive: true, force: true });
      return codes;
    },
  };
}

/** Where the other validators of its network are reached, by the config of one of them: multiaddresses with peer ids. */
export function bootnodesOf(directory: string): readonly string[] {
  return readFileSync(join(directory, 'config.toml'), 'utf8').match(/\/ip4\/[^"]+\/p2p\/\w+/g) ?? [];
}

/** The public key of the validator of a folder, 0x…. */
export function publicKeyOf(directory: string): string {
  const keystore = readdirSync(join(directory, 'keys')).find((name) => /^0x[0-9a-f]{96}\.json$/.test(name));
  if (keystore === undefined) throw new Error(`${directory} has no keystore`);
  return keystore.slice(0, -'.json'.length);
}
