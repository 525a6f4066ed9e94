import { describe, expect, test } from '@jest/globals';
import {
  type FrameObserver,
  type StepObserver,
  simulateCall,
  type Watch,
  watchFrames,
  watchSteps,
} from '../src/index.ts';
import { CONTRACT, environment, push32, SENDER, type TestState, testWorld } from './support/evm-world.ts';

const CALLEE = '0xca11ee0000000000000000000000000000000000';
/** CALL with 1 wei that nobody has, DELEGATECALL, SHA256 at 2, CREATE of nothing, LOG0, SELFDESTRUCT to SENDER. */
const CODE = [
  `5f5f5f5f600173${CALLEE.slice(2)}5af150`,
  `5f5f5f5f73${CALLEE.slice(2)}5af450`,
  '5f5f5f5f5f60025af150',
  '5f5f5ff050',
  '5f5fa0',
  `73${SENDER.slice(2)}ff`,
].join('');
const STATE: TestState = { [CONTRACT]: { code: `0x${CODE}`, nonce: 1n }, [CALLEE]: { code: '0x5f5ffd' } };

function watching(): { readonly told: string[]; readonly observer: FrameObserver & StepObserver } {
  const told: string[] = [];
  return {
    told,
    observer: {
      frameOpened: ({ kind, codeAddress, depth, gasAtStart, gas }) =>
        told.push(`open ${depth} ${kind} ${codeAddress.slice(0, 8)} ${gasAtStart - gas}`),
      frameClosed: ({ kind, depth, status }) => told.push(`close ${depth} ${kind} ${status}`),
      frameRefused: ({ depth }, { kind, to, value, reason }) =>
        told.push(`refused ${depth} ${kind} ${to.slice(0, 8)} ${value} ${reason}`),
      selfDestructed: ({ depth }, beneficiary, wei) => told.push(`destroyed ${depth} ${beneficiary} ${wei}`),
      logged: ({ depth }, { topics }) => told.push(`log ${depth} ${topics.length}`),
      beforeStep: (frame, opcode) => told.push(`${frame.depth} ${opcode.toString(16)}`),
      afterStep: () => told.push('after'),
    },
  };
}

function run(watch: (observer: FrameObserver & StepObserver) => Watch, code: string = `0x${CODE}`): readonly string[] {
  const { told, observer } = watching();
  const state = { ...STATE, [CONTRACT]: { code, nonce: 1n } };
  const call = { from: SENDER, to: CONTRACT, data: new Uint8Array(0), value: 0n, gas: 1_000_000, gasPrice: 0n };
  const rest = { accessList: [], authorizationList: [] };
  const { gasUsed } = simulateCall(testWorld(state), environment, { ...call, ...rest }, watch(observer));
  return [...told, `gas ${gasUsed}`];
}

describe('observers', () => {
  test('are told of every frame in the order in which it runs, and of what never began', () => {
    const told = run(watchFrames);
    const contract = CONTRACT.slice(0, 8);
    expect(told.slice(0, -1)).toEqual([
      `open 0 CALL ${contract} 0`,
      'refused 0 CALL 0xca11ee 1 insufficient balance for transfer',
      'open 1 DELEGATECALL 0xca11ee 0',
      'close 1 DELEGATECALL reverted',
      'open 1 CALL 0x000000 60',
      'close 1 CALL returned',
      expect.stringMatching(/^open 1 CREATE 0x/),
      'close 1 CREATE returned',
      'log 0 0',
      `destroyed 0 ${SENDER} 0`,
      'close 0 CALL returned',
    ]);
  });

  test('do not change what happens, and steps are told around the frames that they open', () => {
    const frames = run(watchFrames);
    const steps = run(watchSteps);
    expect(steps.filter((line) => frames.includes(line))).toEqual(frames);
    expect(steps.filter((line) => line === 'after')).toHaveLength(
      steps.filter((line) => /^\d [0-9a-f]+$/.test(line)).length,
    );
    const delegate = steps.indexOf('open 1 DELEGATECALL 0xca11ee 0');
    expect(steps.slice(delegate - 2, delegate + 2)).toEqual(['0 f4', 'after', steps[delegate], '1 5f']);
  });

  test('are told of a step that halts', () => {
    expect(run(watchSteps, `0x${push32(1n)}0c`).slice(-5)).toEqual([
      'after',
      '0 c',
      'after',
      'close 0 CALL halted',
      'gas 1000000',
    ]);
  });
});
