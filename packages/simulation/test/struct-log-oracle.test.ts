import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ethereumjsSteps, type Step } from './support/ethereumjs-steps.ts';
import { CALLEE, CONTRACT, pushAddress, SENDER, type TestState, traceCall } from './support/traced-call.ts';

const SPEC = {
  kind: 'structLog',
  enableMemory: false,
  disableStack: false,
  disableStorage: false,
  enableReturnData: false,
  limit: 0,
} as const;

/** A loop that fills the stack prints a thousand words a step: far more than a trace may have elsewhere. */
const LIMIT_BYTES = 400_000_000;

interface OwnStep extends Step {
  readonly gasCost: number;
}

function isOwnSteps(value: unknown): value is { readonly structLogs: readonly OwnStep[] } {
  return typeof value === 'object' && value !== null && 'structLogs' in value && Array.isArray(value.structLogs);
}

/** What hands gas on: ethereumjs counts that apart. */
const CALLS = new Set(['CALL', 'CALLCODE', 'DELEGATECALL', 'STATICCALL']);

async function compare(state: TestState, data: Uint8Array, gas: number): Promise<number> {
  const own = traceCall({ state, spec: SPEC, data, gas, limitBytes: LIMIT_BYTES });
  if (!isOwnSteps(own)) throw new Error('no struct logs');
  const oracle = await ethereumjsSteps(
    { [SENDER]: { balance: 10n ** 20n }, ...state },
    { sender: SENDER, to: CONTRACT, data, gas },
  );
  const view = ({ pc, op, gas: left, depth, stack }: Step): Step => {
    // Only geth says which opcode it is that is not defined.
    return { pc, op: op.endsWith('not defined') ? 'INVALID' : op, gas: left, depth, stack };
  };
  const steps = own.structLogs;
  // What fails before it runs is no step to ethereumjs, or one of which it does not know the cost.
  const ran = steps.filter((step) => !('error' in step));
  const known = oracle.slice(0, steps.length);
  expect(steps.map(view).slice(0, known.length)).toEqual(known.map(view));
  expect(known.length).toBeGreaterThanOrEqual(ran.length);
  for (const [index, step] of steps.entries()) {
    const expected = oracle[index];
    if ('error' in step || CALLS.has(step.op) || expected === undefined) continue;
    expect([index, step.op, step.gasCost]).toEqual([index, step.op, expected.cost]);
  }
  return steps.length;
}

/** To ethereumjs the end of code is no operation, to geth it is STOP. Behind a PUSH that lacks its data as well. */
const PADDED_STOP = '00'.repeat(33);

/** Reads and writes, keccak, copies, a log, then returns a word. */
const CALLEE_CODE = '0x5f545f60015560205f20600160015d60015c505f5f5f39366000600037602060005fa060205ff3';

const PIECES: readonly string[] = [
  '6001545060025460015560035f55', // storage
  '5f600155', // clears
  '60ff60005260206000205060406000205b', // memory, keccak
  `5f5f5f5f5f${pushAddress(CALLEE)}61fffff150`, // call
  `5f5f60205f${pushAddress(CALLEE)}5af450`, // delegate call
  `60205f5f5f${pushAddress(CALLEE)}5afa50`, // static call that writes: fails
  '60205f60205f60025afa503d5f5f3e', // SHA256 and its return data
  '69600c600c5f396001600af35f52600a60165ff050', // creation
  '60056000600a5ff550', // CREATE2 of zeros
  `${pushAddress(CALLEE)}3150${pushAddress(SENDER)}3b50${pushAddress(CALLEE)}3f50`, // accounts
  '600160025d60025c50', // transient
  '600a60095b80600190038060', // cut off on purpose: an unfinished PUSH
  `7f${'ff'.repeat(32)}600102600a0a50`, // arithmetic
  `5f5f5f5f6001${pushAddress(CALLEE)}5af150`, // a value that nobody has
  '6000600060006000fd', // revert
  '58595a505050', // PC MSIZE GAS
  '600435600801565b5b5b', // a jump that data decides
];

describe('structLog, step by step beside @ethereumjs/vm', () => {
  test('calls, creations, storage, precompiles, failures', async () => {
    const state: TestState = {
      [CONTRACT]: { code: `0x${PIECES.slice(0, 11).join('')}${PADDED_STOP}`, nonce: 1n, storage: { 1: 4n, 2: 5n } },
      [CALLEE]: { code: CALLEE_CODE, nonce: 1n, storage: { 0: 7n } },
    };
    expect(await compare(state, new Uint8Array(40), 2_000_000)).toBeGreaterThan(120);
  });

  test('whatever code there is, and whenever its gas ends', async () => {
    const piece = fc.constantFrom(...PIECES);
    const programs = fc.array(piece, { minLength: 1, maxLength: 8 });
    // Two calls of everything end within the least of it; what a loop adds beyond the most is the same again.
    const gas = fc.integer({ min: 25_000, max: 60_000 });
    await fc.assert(
      fc.asyncProperty(programs, gas, async (pieces, limit) => {
        const state: TestState = {
          [CONTRACT]: { code: `0x${pieces.join('')}${PADDED_STOP}`, nonce: 1n, storage: { 1: 4n } },
          [CALLEE]: { code: CALLEE_CODE, nonce: 1n },
        };
        await compare(state, new Uint8Array(0), limit);
      }),
      { numRuns: 40 },
    );
  });
});
