import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { hexToBytes, keccak256Hex } from '@heddle/primitives';
import {
  CODE_REPLICAS,
  DIRECTORY_ENTRIES_SLOT,
  DIRECTORY_SHARDS_SLOT,
  MESSENGER_CURSORS_SLOT,
  MESSENGER_SEQUENCES_SLOT,
  WHOLE_REPLICAS,
} from '@heddle/sharding';
import { describe, expect, test } from '@jest/globals';
import { getContractAddress } from 'viem';
import {
  BEACON_ROOTS_CODE,
  DETERMINISTIC_DEPLOYER_ADDRESS,
  DETERMINISTIC_DEPLOYER_CODE,
  DIRECTORY_SLOTS,
  HISTORY_STORAGE_CODE,
  MESSENGER_SLOTS,
  PREDEPLOYS,
} from '../src/index.ts';

describe('generated files', () => {
  test('are what the sources compile to', () => {
    const script = join(import.meta.dirname, '../scripts/build.ts');
    expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
  });
});

describe('the protocol and the contracts agree', () => {
  test('on the storage layout', () => {
    expect(DIRECTORY_SLOTS).toEqual({ entries: DIRECTORY_ENTRIES_SLOT, shards: DIRECTORY_SHARDS_SLOT });
    expect(MESSENGER_SLOTS).toEqual({
      nextSequences: MESSENGER_SEQUENCES_SLOT,
      inboundCursors: MESSENGER_CURSORS_SLOT,
    });
  });

  test('on what is on every shard', () => {
    for (const { address, residence } of PREDEPLOYS) {
      expect(WHOLE_REPLICAS.has(address) || CODE_REPLICAS.has(address)).toBe(residence === 'everyShard');
    }
  });
});

describe('code from elsewhere', () => {
  test('is as the EIPs have it', () => {
    expect(keccak256Hex(hexToBytes(HISTORY_STORAGE_CODE))).toBe(
      '0x6e49e66782037c0555897870e29fa5e552daf4719552131a0abce779daec0a5d',
    );
    expect(keccak256Hex(hexToBytes(BEACON_ROOTS_CODE))).toBe(
      '0xf57acd40259872606d76197ef052f3d35588dadf919ee1f0e3cb9b62d3f4b02c',
    );
    expect(keccak256Hex(hexToBytes(DETERMINISTIC_DEPLOYER_CODE))).toBe(
      '0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989',
    );
  });

  test('stands where its keyless deployer puts it', () => {
    const from = '0x3fab184622dc19b6109349b94811493bf2a45362';
    expect(getContractAddress({ from, nonce: 0n }).toLowerCase()).toBe(DETERMINISTIC_DEPLOYER_ADDRESS);
  });
});
