import { bytesToHex } from '@heddle/primitives';
import type { Genesis, GenesisAccount } from './genesis.ts';
import type { Address } from './ids.ts';

/** The one way to write a genesis: `parseGenesis` of the parsed text gives it back; same genesis, same text. */
export function genesisToJson(genesis: Genesis): string {
  const file = {
    config: {
      chainId: jsonQuantity(genesis.chainId),
      heddle: {
        shards: genesis.shardCount,
        validators: genesis.validators.map(({ publicKey, proofOfPossession }) => ({
          publicKey: bytesToHex(publicKey),
          proofOfPossession: bytesToHex(proofOfPossession),
        })),
        epochLength: jsonQuantity(genesis.epochLength),
        registryOwner: genesis.registryOwner,
        chunkGasLimit: jsonQuantity(genesis.chunkGasLimit),
        globalGasLimit: jsonQuantity(genesis.globalGasLimit),
        dispatch: genesis.dispatch,
        deltaMs: genesis.deltaMs,
        chunkDeadlineMs: genesis.chunkDeadlineMs,
        maxIdleMs: genesis.maxIdleMs,
        blockTimeMs: genesis.blockTimeMs,
        devnet: genesis.devnet,
        residence: residenceJson(genesis),
      },
    },
    timestamp: hexQuantity(genesis.timestamp),
    extraData: bytesToHex(genesis.extraData),
    mixHash: genesis.mixHash,
    coinbase: genesis.coinbase,
    baseFeePerGas: hexQuantity(genesis.baseFeePerGas),
    gasLimit: hexQuantity(genesis.chunkGasLimit * BigInt(genesis.shardCount)),
    difficulty: '0x0',
    alloc: allocJson(genesis),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function residenceJson(genesis: Genesis): Readonly<Record<Address, number>> {
  const residence: Record<Address, number> = {};
  for (const [address, { shard }] of sortedAlloc(genesis)) if (shard !== null) residence[address] = shard;
  return residence;
}

function allocJson(genesis: Genesis): Readonly<Record<Address, unknown>> {
  const alloc: Record<Address, unknown> = {};
  for (const [address, account] of sortedAlloc(genesis)) {
    const words = [...account.storage].filter(([, word]) => word !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
    alloc[address] = {
      balance: hexQuantity(account.balance),
      ...(account.nonce === 0n ? {} : { nonce: hexQuantity(account.nonce) }),
      ...(account.code.length === 0 ? {} : { code: bytesToHex(account.code) }),
      ...(words.length === 0 ? {} : { storage: Object.fromEntries(words.map((pair) => pair.map(hexWord))) }),
    };
  }
  return alloc;
}

function sortedAlloc(genesis: Genesis): [Address, GenesisAccount][] {
  return [...genesis.alloc].sort(([a], [b]) => (a < b ? -1 : 1));
}

function jsonQuantity(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function hexQuantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function hexWord(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
