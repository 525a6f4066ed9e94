import type { Input } from '@heddle/consensus';
import { type Proposal, ZERO_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DroppedInputs } from '../src/consensus/dropped-inputs.ts';
import { WaitingInputs } from '../src/consensus/waiting-inputs.ts';
import { WAITING_PROPOSAL_BYTES } from '../src/limits.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import { emptyBlock } from './support/blocks.ts';

const SIGNATURE = new Uint8Array(96);
const CAPACITY = { certificate: 128, vote: 256, sync: 64 };

function vote(from: number, view = 1n): Input {
  return { kind: 'vote', from, vote: { kind: 'nullify', epoch: 0n, view, signer: from, signature: SIGNATURE } };
}

function certificate(from: number, view = 1n): Input {
  const nullification = { kind: 'nullify', epoch: 0n, view, bitmap: Uint8Array.of(7), aggregate: SIGNATURE } as const;
  return { kind: 'certificate', from, certificate: nullification };
}

function request(from: number, view = 1n): Input {
  return { kind: 'certificateRequest', from, view };
}

const STATUS: Input = { kind: 'status', from: 1, status: { epoch: 0n, currentView: 1n, bestFinalization: null } };
const TIMER: Input = { kind: 'timer', timer: 'retry', view: 1n };
const ANSWER: Input = { kind: 'blockVerified', view: 1n, blockHash: ZERO_HASH, verdict: 'valid' };

function filled(...inputs: readonly Input[]): WaitingInputs {
  const waiting = new WaitingInputs();
  for (const input of inputs) waiting.add(input);
  return waiting;
}

/** `kind` of own inputs, `kind:from:view` of others'. */
function nameOf(input: Input): string {
  if (input.kind === 'vote' && input.vote.kind === 'nullify') return `vote:${input.from}:${input.vote.view}`;
  if (input.kind === 'certificate') return `certificate:${input.from}`;
  if (input.kind === 'certificateRequest') return `request:${input.from}:${input.view}`;
  return input.kind;
}

describe('order', () => {
  test('answers, certificates, votes, sync, timers; peers in turn', () => {
    const waiting = filled(TIMER, STATUS, vote(1), vote(1, 2n), vote(2), request(3), certificate(2), ANSWER);
    expect(waiting.take(100).map(nameOf)).toEqual([
      'blockVerified',
      'certificate:2',
      'vote:1:1',
      'vote:2:1',
      'vote:1:2',
      'status',
      'request:3:1',
      'timer',
    ]);
    expect(waiting.isEmpty).toBe(true);
  });

  test('a timer is heard after all that waited when it fired, though taken in small parts, and before all that waits for long', () => {
    const waiting = filled(vote(1), vote(1, 2n));
    expect(waiting.take(1).map(nameOf)).toEqual(['vote:1:1']); // a round has begun
    waiting.add(request(2));
    waiting.add(TIMER);
    const heard: string[] = [];
    for (let turn = 0n; !heard.includes('timer'); turn++) {
      waiting.add(certificate(3, turn + 1n)); // someone never stops
      heard.push(...waiting.take(1).map(nameOf));
    }
    expect(heard.slice(0, 2)).toEqual(['vote:1:2', 'certificate:3']);
    expect(heard).toContain('request:2:1');
    expect(heard.length).toBeLessThan(8);
  });

  test('answers come first even in the middle of a round', () => {
    const waiting = filled(vote(1), vote(1, 2n), vote(1, 3n));
    waiting.take(1);
    waiting.add(ANSWER);
    expect(waiting.take(2).map(nameOf)).toEqual(['blockVerified', 'vote:1:2']);
  });

  test('law: nothing is lost or made up, and what one peer says of one kind stays in its order', () => {
    const input = fc.oneof(
      fc.tuple(fc.nat(4), fc.bigInt({ min: 1n, max: 99n })).map(([from, view]) => vote(from, view)),
      fc.tuple(fc.nat(4), fc.bigInt({ min: 1n, max: 99n })).map(([from, view]) => request(from, view)),
      fc.nat(4).map((from) => certificate(from)),
      fc.constantFrom(TIMER, ANSWER),
    );
    const action = fc.oneof({ weight: 3, arbitrary: input }, { weight: 1, arbitrary: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const waiting = new WaitingInputs();
        const added: Input[] = [];
        const taken: Input[] = [];
        for (const next of actions) {
          if (typeof next === 'number') taken.push(...waiting.take(next));
          else if (waiting.add(next) === null) added.push(next);
        }
        while (!waiting.isEmpty) taken.push(...waiting.take(7));
        expect(taken).toHaveLength(added.length);
        expect(new Set(taken)).toEqual(new Set(added));
        const said = (inputs: readonly Input[], kind: string, from: number) =>
          inputs.filter((other) => other.kind === kind && 'from' in other && other.from === from);
        for (const kind of ['vote', 'certificate', 'certificateRequest']) {
          for (let from = 0; from <= 4; from++) expect(said(taken, kind, from)).toEqual(said(added, kind, from));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('floods', () => {
  test('of 100,000 votes few wait; every other lane and peer has its room', () => {
    const waiting = new WaitingInputs();
    let full = 0;
    for (let i = 0n; i < 100_000n; i++) if (waiting.add(vote(1, i)) === 'vote') full += 1;
    expect(full).toBe(100_000 - CAPACITY.vote);
    expect(waiting.add(vote(2))).toBeNull();
    expect(waiting.add(certificate(1))).toBeNull();
    expect(waiting.add(request(1))).toBeNull();
    // The other peer's vote is among the first three, whatever the flood.
    expect(waiting.take(3).map(nameOf)).toEqual(['certificate:1', 'vote:1:0', 'vote:2:1']);
    expect(waiting.take(10_000)).toHaveLength(CAPACITY.vote);
  });

  test('what was taken makes room, within a round too', () => {
    const waiting = new WaitingInputs();
    for (let i = 0n; i < 256n; i++) waiting.add(vote(1, i));
    waiting.take(10);
    const admitted = Array.from({ length: 20 }, () => waiting.add(vote(1))).filter((full) => full === null);
    expect(admitted).toHaveLength(10);
  });

  test('status and requests share a lane; own inputs and timers are never dropped', () => {
    const waiting = new WaitingInputs();
    for (let i = 0; i < CAPACITY.sync - 1; i++) waiting.add(request(1));
    expect(waiting.add(STATUS)).toBeNull();
    expect(waiting.add(request(1))).toBe('sync');
    for (let i = 0; i < 1_000; i++) expect([waiting.add(ANSWER), waiting.add(TIMER)]).toEqual([null, null]);
  });

  test('after clear nothing waits and all room is free', () => {
    const waiting = filled(vote(1), vote(1), TIMER, ANSWER);
    waiting.take(2);
    waiting.clear();
    expect(waiting.isEmpty).toBe(true);
    expect(waiting.take(5)).toEqual([]);
    for (let i = 0; i < CAPACITY.vote; i++) expect(waiting.add(vote(1))).toBeNull();
  });
});

test('drops are counted by peer and lane, and logged ever more rarely', () => {
  const logged: unknown[] = [];
  const counter = new DroppedInputs({ ...SILENT_LOGGER, warn: (_, facts) => logged.push(facts) });
  for (let i = 0; i < 1_000; i++) counter.count(3, 'vote');
  counter.count(3, 'sync');
  expect([counter.total, counter.of(3, 'vote'), counter.of(3, 'sync'), counter.of(2, 'vote')]).toEqual([
    1_001, 1_000, 1, 0,
  ]);
  expect(logged).toHaveLength(11);
});

describe('proposals in bytes', () => {
  const MIB = 1_024 * 1_024;
  const proposal = (from: number, view: bigint): Input => ({ kind: 'proposal', from, proposal: proposalOf(view) });

  test('a peer has one of the largest waiting, its last; all together have a bound', () => {
    const waiting = new WaitingInputs();
    for (let view = 1n; view <= 3n; view++) waiting.add(proposal(1, view), 4 * MIB);
    expect(waiting.heldBytes).toBe(4 * MIB);
    for (let from = 2; from < 40; from++) waiting.add(proposal(from, 1n), 4 * MIB);
    expect(waiting.heldBytes).toBeLessThanOrEqual(WAITING_PROPOSAL_BYTES.total);
    // An honest leader's, of usual size, finds room whatever the others hold.
    expect(waiting.add(proposal(50, 7n), MIB / 2)).toBeNull();
    const taken = waiting.take(1_000);
    expect(taken).toContainEqual(proposal(50, 7n));
    expect(waiting.heldBytes).toBe(0);
  });

  test('what is being heard does not give way', () => {
    const waiting = new WaitingInputs();
    waiting.add(proposal(1, 1n), 4 * MIB);
    waiting.add(TIMER);
    waiting.add(vote(1));
    expect(waiting.take(1).map(nameOf)).toEqual(['vote:1:1']);
    expect(waiting.add(proposal(1, 2n), 4 * MIB)).toBe('proposal');
    expect(waiting.take(1)).toEqual([proposal(1, 1n)]);
    expect(waiting.add(proposal(1, 2n), 4 * MIB)).toBeNull();
    waiting.clear();
    expect(waiting.heldBytes).toBe(0);
  });
});

/** Nothing of it but its view counts. */
function proposalOf(view: bigint): Proposal {
  const tuple = { epoch: 0n, view, parentView: 0n, parentHash: ZERO_HASH, blockHash: ZERO_HASH };
  const signed = { ...tuple, justificationRoot: ZERO_HASH };
  return {
    tuple: signed,
    block: emptyBlock(null).block,
    parentCertificate: null,
    skipCertificates: [],
    leaderSignature: SIGNATURE,
    leaderNotarize: { kind: 'notarize', tuple: signed, signer: 0, signature: SIGNATURE },
  };
}
