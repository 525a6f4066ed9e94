/** The part of an official state test that the runner uses. Shapes are checked as they are read. */
export interface StateFixture {
  readonly name: string;
  readonly environment: FixtureEnvironment;
  readonly chainId: bigint;
  readonly pre: readonly FixtureAccount[];
  readonly isBlobTransaction: boolean;
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

/** The Osaka tests of one parsed file. Throws `InvalidFixtureError`. */
export function readFixtures(json: unknown): readonly StateFixture[] {
  return Object.entries(record(json, 'file')).flatMap(([name, test]) => readFixture(name, record(test, name)));
}

function readFixture(name: string, test: Record<string, unknown>): readonly StateFixture[] {
  const posts = record(test.post, `${name}.post`).Osaka;
  if (posts === undefined) return [];
  const environment = record(test.env, `${name}.env`);
  const transaction = record(test.transaction, `${name}.transaction`);
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
      },
      chainId: quantity(config.chainid),
      pre: Object.entries(record(test.pre, `${name}.pre`)).map(readAccount),
      isBlobTransaction: 'maxFeePerBlobGas' in transaction,
      posts: list(posts, `${name}.post.Osaka`).map((post) => readPost(record(post, name))),
    },
  ];
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidFixtureError(`${where} is not an object`);
  }
  return Object.fromEntries(Object.entries(value));
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
