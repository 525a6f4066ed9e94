import { Worker } from 'node:worker_threads';
import { bytesToBigint, hexToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { simulateCall } from '../src/index.ts';
import { CONTRACT, callCode, environment, push32, RETURN_TOP, SENDER, testWorld } from './support/evm-world.ts';

/**
 * SLOAD(0)+1 → SSTORE(0), then calls itself with all gas; the first call that fails ends it all. Storage 0 counts frames.
 */
const RECURSE = '0x60015f54015f555f5f5f5f5f305af15000';

describe('frames', () => {
  test('1,024 nested calls run, the next one fails, and no JavaScript stack is used up', () => {
    // EIP-150 leaves 1/64 behind at each level, so depth 1,024 needs an enormous gas limit.
    const { status, world } = callCode({ code: RECURSE, gas: 2 ** 46 });
    expect(status).toBe('success');
    expect(world.storage(CONTRACT, 0n)).toBe(1025n);
  });

  test('the same in a worker with a small stack', async () => {
    const source = `
      import { callCode, CONTRACT } from ${JSON.stringify(new URL('./support/evm-world.ts', import.meta.url).href)};
      import { parentPort } from 'node:worker_threads';
      const { status, world } = callCode({ code: '${RECURSE}', gas: 2 ** 46 });
      parentPort.postMessage(status + ' ' + world.storage(CONTRACT, 0n));
    `;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      resourceLimits: { stackSizeMb: 1 },
    });
    const answer = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    expect(answer).toBe('success 1025');
  });

  test('the code behind a PUSH is data: a jump into it halts and uses all gas', () => {
    const result = callCode({ code: '0x6003566000', gas: 100_000 });
    expect(result).toMatchObject({ status: 'halted', reason: 'invalid jump destination', gasUsed: 100_000 });
    // Byte 4 is a JUMPDEST, but PUSH1's data.
    expect(callCode({ code: '0x600456605b00' }).reason).toBe('invalid jump destination');
    expect(callCode({ code: '0x600456005b00' }).status).toBe('success');
    expect(callCode({ code: '0x600356005b00' }).reason).toBe('invalid jump destination');
    expect(callCode({ code: `0x${push32(2n ** 64n + 33n)}565b` }).reason).toBe('invalid jump destination');
  });

  test('stack bounds', () => {
    expect(callCode({ code: '0x01' }).reason).toBe('stack underflow');
    expect(callCode({ code: `0x${'5f'.repeat(1025)}` }).reason).toBe('stack limit reached');
    expect(callCode({ code: `0x${'5f'.repeat(1024)}` }).status).toBe('success');
    expect(callCode({ code: `0x${'5f'.repeat(1024)}80` }).reason).toBe('stack limit reached');
    expect(callCode({ code: `0x${'5f'.repeat(16)}8f` }).status).toBe('success');
    expect(callCode({ code: `0x${'5f'.repeat(16)}9f` }).reason).toBe('stack underflow');
  });

  test.each([
    ['SSTORE', '5f5f55'],
    ['LOG0', '5f5fa0'],
    ['CREATE', '5f5f5ff0'],
    ['CREATE2', '5f5f5f5ff5'],
    ['SELFDESTRUCT', '5fff'],
    ['TSTORE', '5f5f5d'],
    ['CALL with value', '5f5f5f5f600130610ffff1'],
  ])('%s halts under STATICCALL', (_name, code) => {
    const callee = '0xca11ee0000000000000000000000000000000000';
    const caller = `0x5f5f5f5f73${callee.slice(2)}62010000fa${RETURN_TOP}`;
    const result = callCode({ code: caller, state: { [callee]: { code: `0x${code}` } } });
    expect(bytesToBigint(result.returnData)).toBe(0n);
    const direct = callCode({
      code: caller.replace('5f5f5f5f73', '5f5f5f5f5f73').replace('fa5f52', 'f15f52'),
      state: { [callee]: { code: `0x${code}` } },
    });
    expect(bytesToBigint(direct.returnData)).toBe(1n);
  });

  test('a failing frame takes its writes, logs, refunds and transient words with it', () => {
    const callee = '0xca11ee0000000000000000000000000000000000';
    // SSTORE(0, 7), TSTORE(0, 7), LOG0, clear slot 1 (refund), REVERT
    const code = `0x60075f5560075f5d5f5fa05f6001555f5ffd`;
    const result = callCode({
      code: `0x5f5f5f5f5f73${callee.slice(2)}5af1${RETURN_TOP}`,
      state: { [callee]: { code, storage: { 1: 5n }, nonce: 1n } },
    });
    expect(bytesToBigint(result.returnData)).toBe(0n);
    expect(result.logs).toEqual([]);
    expect(result.world.refund).toBe(0);
    expect(result.world.storage(callee, 0n)).toBe(0n);
    expect(result.world.storage(callee, 1n)).toBe(5n);
    expect(result.world.transient(result.world.account(callee), 0n)).toBe(0n);
  });

  test('memory that gas cannot pay for is out of gas, however far away', () => {
    for (const offset of [2n ** 31n, 2n ** 32n, 2n ** 64n, 2n ** 256n - 1n]) {
      expect(callCode({ code: `0x${push32(offset)}51` }).reason).toBe('out of gas');
    }
    expect(callCode({ code: `0x5f${push32(2n ** 256n - 1n)}20` }).status).toBe('success');
  });

  test('reasons of a revert and of a halt reach the caller', () => {
    expect(callCode({ code: '0x5f5ffd' })).toMatchObject({ status: 'reverted', reason: 'execution reverted' });
    expect(callCode({ code: '0xfe' })).toMatchObject({ status: 'halted', reason: 'invalid opcode' });
    expect(callCode({ code: '0x0c' })).toMatchObject({ status: 'halted', reason: 'invalid opcode' });
    expect(callCode({ code: '0x60015f3e' })).toMatchObject({ status: 'halted', reason: 'stack underflow' });
    expect(callCode({ code: '0x60015f5f3e' })).toMatchObject({ status: 'halted', reason: 'return data out of bounds' });
  });

  test('BLOBHASH is 0 and BLOBBASEFEE is the environment’s', () => {
    expect(bytesToBigint(callCode({ code: `0x5f49${RETURN_TOP}` }).returnData)).toBe(0n);
    expect(bytesToBigint(callCode({ code: `0x4a${RETURN_TOP}` }).returnData)).toBe(1n);
  });

  test('a creation by simulation answers the new address and leaves the code there', () => {
    const world = testWorld({ [SENDER]: { balance: 10n ** 18n } });
    const data = hexToBytes('0x6001600c60003960016000f300');
    const call = {
      from: SENDER,
      to: null,
      data,
      value: 0n,
      gas: 200_000,
      gasPrice: 0n,
      accessList: [],
      authorizationList: [],
    };
    const result = simulateCall(world, environment, call);
    expect(result.status).toBe('success');
    expect(result.createdAddress).not.toBeNull();
    if (result.createdAddress !== null) expect(world.code(result.createdAddress)).toEqual(hexToBytes('0x00'));
  });
});
