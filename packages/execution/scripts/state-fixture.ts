/** The part of an official state test that the runner uses. Shapes are checked as they are read. */
export interface StateFixture {
  readonly name: string;
  readonly environment: FixtureEnvironment;
  readonly chainId: bigint;
  readonly pre: readonly FixtureAccount[];
  readonly posts: readonly FixturePost[];
}

export interface FixtureEnvironment {
  readonly coinbase: string;
  readonly gasLimit: bigint;
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly baseFee: bigint;
  readonly prevRandao: string;
  readonly excessBlobGas: bigint;
  /** Update fraction of the blob base fee (EIP-7840): what EIP-7892 may change without a change of rules. */
  readonly blobUpdateFraction: bigint;
}

export interface FixtureAccount {
  readonly address: string;
  readonly nonce: bigint;
  readonly balance: bigint;
  readonly code: string;
  readonly storage: readonly (readonly [bigint, bigint])[];
}

/** One transaction with what it must lead to. */
export interface FixturePost {
  readonly transaction: string;
  readonly stateRoot: string;
  readonly logsHash: string;
  /** Why it must be refused; `null` when it must execute. */
  readonly exception: string | null;
}

/** What no file of the official form holds. */
export class InvalidFixtureError extends Error {
  readonly code = 'INVALID_FIXTURE';
}

/** EIP-7691: the fraction since Prague, which Osaka keeps. */
const BLOB_UPDATE_FRACTION = '0x4c6964';

/** The Osaka tests of one parsed file; none if it holds other than state tests. Throws `InvalidFixtureError`. */
export function readFixtures(json: unknown): readonly StateFixture[] {
  if (!isRecord(json)) return [];
  return Object.entries(json).flatMap(([name, test]) => (isStateTest(test) ? readFixture(name, test) : []));
}

/** The public fixtures have block and transaction tests and indexes too. */
function isStateTest(test: unknown): test is Record<string, unknown> {
  return isRecord(test) && isRecord(test.post) && 'env' in test && 'transaction' in test;
}

function readFixture(name: string, test: Record<string, unknown>): readonly StateFixture[] {
  const posts = record(test.post, `${name}.post`).Osaka;
  if (posts === undefined) return [];
  const environment = record(test.env, `${name}.env`);
  const config = record(test.config, `${name}.config`);
  return [
    {
      name,
      environment: {
        coinbase: text(environment.currentCoinbase),
        gasLimit: quantity(environment.currentGasLimit),
        number: quantity(environment.currentNumber),
        timestamp: quantity(environment.currentTimestamp),
        baseFee: quantity(environment.currentBaseFee),
        prevRandao: text(environment.currentRandom),
        excessBlobGas: quantity(environment.currentExcessBlobGas ?? '0x0'),
        blobUpdateFraction: quantity(readUpdateFraction(config)),
      },
      chainId: quantity(config.chainid),
      pre: Object.entries(record(test.pre, `${name}.pre`)).map(readAccount),
      posts: list(posts, `${name}.post.Osaka`).map((post) => readPost(record(post, name))),
    },
  ];
}

function readUpdateFraction(config: Record<string, unknown>): unknown {
  const schedule = isRecord(config.blobSchedule) ? config.blobSchedule.Osaka : undefined;
  return (isRecord(schedule) ? schedule.baseFeeUpdateFraction : undefined) ?? BLOB_UPDATE_FRACTION;
}

function readAccount([address, account]: [string, unknown]): FixtureAccount {
  const fields = record(account, address);
  return {
    address: address.toLowerCase(),
    nonce: quantity(fields.nonce),
    balance: quantity(fields.balance),
    code: text(fields.code),
    storage: Object.entries(record(fields.storage, address)).map(([slot, value]) => [BigInt(slot), quantity(value)]),
  };
}

function readPost(post: Record<string, unknown>): FixturePost {
  const exception = post.expectException;
  return {
    transaction: text(post.txbytes),
    stateRoot: text(post.hash),
    logsHash: text(post.logs),
    exception: exception === undefined ? null : text(exception),
  };
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (!isRecord(value)) throw new InvalidFixtureError(`${where} is not an object`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InvalidFixtureError(`${where} is not a list`);
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new InvalidFixtureError('expected a string');
  return value;
}

function quantity(value: unknown): bigint {
  return BigInt(text(value));
}
