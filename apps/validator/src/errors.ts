import { HeddleError } from '@heddle/primitives/heddle-error';

/** What the process ends with. Scripts may rely on these. */
export const EXIT_CODES = {
  ok: 0,
  /** Something unexpected; the message says what. */
  failure: 1,
  /** A flag, an argument or a setting is wrong. */
  usage: 2,
  /** The address cannot be listened on. */
  address: 3,
  /** The data directory cannot be used. */
  dataDirectory: 4,
  /** A keystore, its password or the network key cannot be used, or is of another network. */
  keys: 5,
  /** The genesis file cannot be used. */
  genesis: 6,
  /** The validator's key signs elsewhere at the same time. */
  keyActive: 7,
  /** The machine's clock is not that of the validators. */
  clock: 8,
  /** `db verify` has found damage. */
  damage: 9,
  /** Forced by a second Ctrl-C: 128 + SIGINT. */
  forced: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** An error that the user can act on: the message is shown without a stack. */
export abstract class UserError<Facts extends object = object> extends HeddleError<Facts> {
  abstract readonly exitCode: ExitCode;
}

/** A flag's value is wrong, or two contradict each other. */
export class UsageError extends UserError<{
  /** With its dashes. */
  readonly flag: string;
}> {
  readonly code = 'USAGE';
  readonly exitCode: ExitCode = EXIT_CODES.usage;

  constructor(flag: string, problem: string) {
    super(`${flag}: ${problem}`, { flag });
  }
}

/** The flags that choose where something listens. */
export interface AddressFlags {
  readonly host: string;
  readonly port: string;
}

/** Of a devnet. */
export const ADDRESS_FLAGS: AddressFlags = { host: '--host', port: '--port' };
/** Of a node of its own. */
export const RPC_ADDRESS_FLAGS: AddressFlags = { host: '--rpc-host', port: '--rpc-port' };
export const METRICS_ADDRESS_FLAGS: AddressFlags = { host: '--metrics-host', port: '--metrics-port' };

/** The RPC address cannot be listened on. */
export class AddressError extends UserError<{
  readonly host: string;
  readonly port: number;
  /** Of the operating system, for example EADDRINUSE. */
  readonly systemCode: string;
}> {
  readonly code = 'ADDRESS';
  readonly exitCode: ExitCode = EXIT_CODES.address;

  constructor(host: string, port: number, systemCode: string, flags: AddressFlags) {
    super(addressMessage(host, port, systemCode, flags), { host, port, systemCode });
  }
}

/** The data directory cannot be used as it is. Nothing in it has been changed. */
export class DataDirectoryError extends UserError<{ readonly directory: string }> {
  readonly code = 'DATA_DIRECTORY';
  readonly exitCode: ExitCode = EXIT_CODES.dataDirectory;

  constructor(directory: string, problem: string) {
    super(`data directory ${directory}: ${problem}`, { directory });
  }
}

/** A file of signer records cannot be read, written or taken in. Nothing has been imported. */
export class SignerFileError extends UserError {
  readonly code = 'SIGNER_FILE';
  readonly exitCode: ExitCode = EXIT_CODES.failure;

  constructor(problem: string) {
    super(`signer records: ${problem}`, {});
  }
}

/** A setting of the config file or the environment is wrong. */
export class ConfigError extends UserError {
  readonly code = 'CONFIG';
  readonly exitCode: ExitCode = EXIT_CODES.usage;

  constructor(problem: string) {
    super(`config: ${problem}`, {});
  }
}

/** A genesis file cannot be used, or is another than the one that a chain began with. */
export class GenesisError extends UserError<{ readonly path: string }> {
  readonly code = 'GENESIS';
  readonly exitCode: ExitCode = EXIT_CODES.genesis;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`, { path });
  }
}

/** An address for other nodes cannot be listened on. */
export class PeerAddressError extends UserError {
  readonly code = 'PEER_ADDRESS';
  readonly exitCode: ExitCode = EXIT_CODES.address;

  constructor(problem: string) {
    super(`${problem} (--p2p-listen)`, {});
  }
}

/** The validator's key is used somewhere else at the same time. */
export class KeyActiveError extends UserError {
  readonly code = 'KEY_ACTIVE';
  readonly exitCode: ExitCode = EXIT_CODES.keyActive;

  constructor(proof: string) {
    super(
      `the key of this validator is active elsewhere: ${proof}. Stop the other one first; never run a key twice`,
      {},
    );
  }
}

/** This machine's clock was not that of the validators when the node started. */
export class ClockError extends UserError {
  readonly code = 'CLOCK';
  readonly exitCode: ExitCode = EXIT_CODES.clock;

  constructor(problem: string) {
    super(`${problem}, and it could take no part like that. Set it, as by NTP, and start again`, {});
  }
}

/** A key, or a file that belongs to it, cannot be used. The message shows no secret. */
export class KeysError extends UserError {
  readonly code = 'KEYS';
  readonly exitCode: ExitCode = EXIT_CODES.keys;

  constructor(problem: string) {
    super(`keys: ${problem}`, {});
  }
}

/** Bytes are no encoding of the types they are read as. Never leaves the decoder. */
export class AbiDataError extends HeddleError {
  readonly code = 'ABI_DATA';

  constructor(problem: string) {
    super(`the data does not fit its types: ${problem}`, {});
  }
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function addressMessage(host: string, port: number, systemCode: string, flags: AddressFlags): string {
  switch (systemCode) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use by another program; stop that one, or choose with ${flags.port} (0 takes a free one)`;
    case 'EACCES':
      return `this user may not listen on port ${port}; choose one of 1024 … 65535 with ${flags.port}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine; choose with ${flags.host} (127.0.0.1: only this machine, 0.0.0.0: any)`;
    default:
      return `cannot listen on ${host}, port ${port}: ${systemCode}`;
  }
}
