import { HeddleError } from '@heddle/primitives/heddle-error';

/** What the process ends with. Scripts may rely on these. */
export const EXIT_CODES = {
  ok: 0,
  /** Something unexpected; the message says what. */
  failure: 1,
  /** A flag or argument is wrong. */
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

/** The RPC address cannot be listened on. */
export class AddressError extends UserError<{
  readonly host: string;
  readonly port: number;
  /** Of the operating system, for example EADDRINUSE. */
  readonly systemCode: string;
}> {
  readonly code = 'ADDRESS';
  readonly exitCode: ExitCode = EXIT_CODES.address;

  constructor(host: string, port: number, systemCode: string) {
    super(addressMessage(host, port, systemCode), { host, port, systemCode });
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

function addressMessage(host: string, port: number, systemCode: string): string {
  switch (systemCode) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use by another program; stop that one, or choose with --port (0 takes a free one)`;
    case 'EACCES':
      return `this user may not listen on port ${port}; choose one of 1024 … 65535 with --port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine; choose with --host (127.0.0.1: only this machine, 0.0.0.0: any)`;
    default:
      return `cannot listen on ${host}, port ${port}: ${systemCode}`;
  }
}
