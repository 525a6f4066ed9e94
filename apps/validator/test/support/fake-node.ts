import { StorageError } from '@heddle/node';
import { blsProvePossession, blsPublicKey, blsSecretKeyFromSeed } from '@heddle/primitives';
import { type Genesis, ZERO_ADDRESS, ZERO_HASH } from '@heddle/types';
import type { NodePackage } from '../../src/devnet/run-devnet.ts';

import { FakeActivity } from './fake-activity.ts';

type CreateLogger = NodePackage['createLogger'];
type DevnetOptions = Parameters<NodePackage['startDevnet']>[0];

/** What a fake devnet was asked to do. */
export interface FakeNode {
  readonly node: NodePackage;
  readonly started: DevnetOptions[];
  readonly activity: FakeActivity;
  stops: number;
}

export interface FakeNodeOptions {
  /** Milliseconds that a stop takes; null = for ever. */
  readonly stopMs: number | null;
  /** Milliseconds that a start takes. */
  readonly startMs: number;
  /** Rejects the start. */
  readonly startError: unknown;
  /** Rejects dumps. */
  readonly dumpError: Error | null;
}

/** Stands in for @heddle/node: starts nothing, records everything. */
export function fakeNode(options: Partial<FakeNodeOptions> = {}): FakeNode {
  const { stopMs = 0, startMs = 0, startError = null, dumpError = null } = options;
  const fake: FakeNode = {
    started: [],
    activity: new FakeActivity(),
    stops: 0,
    node: {
      StorageError,
      createLogger: plainLogger,
      parseLogLevels: (text) => (text === 'info' || text === 'debug' ? { base: text, modules: new Map() } : null),
      unknownLogModule: () => null,
      devnetValidatorKeys: validatorKeys,
      devnetFeeRecipients: (validators, shards) =>
        Array.from({ length: validators }, () => Array.from({ length: shards }, () => ZERO_ADDRESS)),
      createDevnetGenesis: (request) => {
        const validatorSecretKeys = validatorKeys(request.validatorCount);
        return { genesis: genesisOf(request, validatorSecretKeys), validatorSecretKeys };
      },
      startDevnet: async (request) => {
        await delay(startMs);
        if (startError !== null) throw startError;
        fake.started.push(request);
        const port = request.port === 0 ? 40_000 : request.port;
        return {
          httpUrl: `http://${request.host}:${port}`,
          wsUrl: `ws://${request.host}:${port}`,
          headNumber: 0n,
          activity: fake.activity,
          residence: (address) => Number.parseInt(address.slice(-1), 16) % request.genesis.shardCount,
          dumpState: () =>
            dumpError === null ? Promise.resolve(new Uint8Array([7, 8, 9])) : Promise.reject(dumpError),
          stop: () => {
            fake.stops += 1;
            return stopMs === null ? new Promise(() => {}) : delay(stopMs);
          },
        };
      },
    },
  };
  return fake;
}

function genesisOf(request: Parameters<NodePackage['createDevnetGenesis']>[0], keys: readonly Uint8Array[]): Genesis {
  return {
    chainId: request.chainId,
    timestamp: request.timestamp,
    extraData: new Uint8Array(),
    mixHash: ZERO_HASH,
    coinbase: ZERO_ADDRESS,
    baseFeePerGas: 1_000_000_000n,
    chunkGasLimit: 30_000_000n,
    globalGasLimit: 30_000_000n,
    dispatch: false,
    shardCount: request.shardCount,
    validators: keys.map((key) => ({ publicKey: blsPublicKey(key), proofOfPossession: blsProvePossession(key) })),
    epochLength: 7_200n,
    registryOwner: ZERO_ADDRESS,
    deltaMs: 500,
    chunkDeadlineMs: 100,
    maxIdleMs: null,
    blockTimeMs: request.blockTimeMs,
    devnet: true,
    alloc: new Map(
      request.accounts.map((address) => [
        address,
        { balance: request.balanceWei, nonce: 0n, code: new Uint8Array(), storage: new Map(), shard: null },
      ]),
    ),
  };
}

function validatorKeys(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => blsSecretKeyFromSeed(new Uint8Array(32).fill(index + 1)));
}

const plainLogger: CreateLogger = ({ write, levels: { base } }) => {
  const line = (message: string): void => {
    if (base !== 'silent') write(`${message}\n`);
  };
  const logger: ReturnType<CreateLogger> = {
    error: line,
    warn: line,
    info: line,
    debug: line,
    trace: line,
    isEnabled: (level) => base === 'debug' || base === level,
    child: () => logger,
  };
  return logger;
};

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
