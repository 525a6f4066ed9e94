import { createEngine, type Effect, type Input, type Journal, type JournalRecord } from '@heddle/consensus';
import { ZERO_HASH } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { InputQueue } from '../src/consensus/input-queue.ts';

/** A journal whose syncs end when the test says so. */
class GatedJournal implements Journal {
  readonly appended: (readonly JournalRecord[])[] = [];
  #release: () => void = () => {};
  #fail: (error: unknown) => void = () => {};

  append(records: readonly JournalRecord[]): Promise<void> {
    this.appended.push(records);
    return new Promise((resolve, reject) => {
      this.#release = resolve;
      this.#fail = reject;
    });
  }

  replay(): readonly JournalRecord[] {
    return this.appended.flat();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async sync(): Promise<void> {
    this.#release();
    await settled();
  }

  async fail(error: Error): Promise<void> {
    this.#fail(error);
    await settled();
  }
}

const SELF = 0;
/** Does not lead view 1, so its time-out is what there is to journal. */
const LEADERS = [3, 2, 1, 0];
const TIMEOUT: Input = { kind: 'timer', timer: 'proposal', view: 1n };

let journal: GatedJournal;
let performed: Effect[];
let fatal: unknown[];
let dropped: string[];
let onPerform: (effect: Effect) => void;
let queue: InputQueue;

beforeEach(() => {
  journal = new GatedJournal();
  performed = [];
  fatal = [];
  dropped = [];
  onPerform = () => {};
  const engine = createEngine({
    validatorIndex: SELF,
    validatorCount: 4,
    epoch: 0n,
    leaders: LEADERS,
    deltaMs: 500,
    capMs: 16_000,
    maxIdleMs: null,
    genesisHash: ZERO_HASH,
  });
  queue = new InputQueue(engine, {
    journal,
    performer: {
      perform: (effect) => {
        performed.push(effect);
        onPerform(effect);
      },
    },
    dropped: { count: (peer, full) => dropped.push(`${full} of ${peer}`) },
    events: { fatal: (error) => fatal.push(error) },
  });
});

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function vote(from: number, view: bigint): Input {
  const nullify = { kind: 'nullify', epoch: 0n, view, signer: from, signature: new Uint8Array(192) } as const;
  return { kind: 'vote', from, vote: nullify };
}

function performedKinds(): readonly string[] {
  return performed.map(({ kind }) => kind);
}

/** Brings the queue to where the view has timed out and the nullify vote is to be signed. */
async function timeOut(): Promise<number> {
  queue.start();
  queue.push({ kind: 'work', pending: true });
  queue.push(TIMEOUT);
  await settled();
  const request = performed.find((effect) => effect.kind === 'sign');
  if (request?.kind !== 'sign') throw new Error('nothing is to be signed');
  performed.length = 0;
  return request.requestId;
}

function signed(requestId: number): Input {
  return { kind: 'signed', requestId, signature: new Uint8Array(192) };
}

describe('durability', () => {
  test('a vote is synced before anything of its step is performed', async () => {
    const requestId = await timeOut();
    queue.push(signed(requestId));
    await settled();
    expect(journal.appended).toMatchObject([[{ kind: 'ownVote', vote: { kind: 'nullify', view: 1n } }]]);
    expect(performed).toEqual([]);
    await journal.sync();
    expect(performed).toMatchObject([{ kind: 'broadcast', message: { kind: 'vote', vote: { kind: 'nullify' } } }]);
  });

  test('without records nothing is synced and nothing waits', async () => {
    queue.start();
    queue.push({ kind: 'work', pending: true });
    await settled();
    expect(journal.appended).toEqual([]);
    expect(performedKinds()).toContain('setTimer');
  });

  test('what arrives during a sync waits for it and is stepped together', async () => {
    const requestId = await timeOut();
    queue.push(signed(requestId));
    queue.push({ kind: 'work', pending: false });
    queue.push({ kind: 'work', pending: true });
    queue.push({ kind: 'certificateRequest', from: 1, view: 1n });
    await settled();
    const before = queue.state;
    await journal.sync();
    expect(journal.appended).toHaveLength(1);
    expect(queue.state).not.toBe(before);
    expect(queue.state.workPending).toBe(true);
  });

  test('an error of the journal is fatal, and nothing is performed any more', async () => {
    const requestId = await timeOut();
    queue.push(signed(requestId));
    queue.push({ kind: 'work', pending: false });
    const error = new Error('disk full');
    await journal.fail(error);
    expect(fatal).toEqual([error]);
    expect(performed).toEqual([]);
    queue.push({ kind: 'work', pending: true });
    await settled();
    expect(performed).toEqual([]);
    expect(fatal).toHaveLength(1);
  });
});

describe('order', () => {
  test('the engine hears start first, whatever has come before', async () => {
    queue.push({ kind: 'work', pending: true });
    queue.push({ kind: 'certificateRequest', from: 1, view: 1n });
    await settled();
    expect(performed).toEqual([]);
    queue.start();
    await settled();
    expect(fatal).toEqual([]);
    expect(queue.state.started).toBe(true);
    expect(queue.state.workPending).toBe(true);
  });

  test('an input that an effect brings forth comes after the effects of its step', async () => {
    const order: string[] = [];
    onPerform = (effect) => {
      order.push(effect.kind);
      if (order.length === 1) queue.push({ kind: 'work', pending: true });
    };
    queue.start();
    await settled();
    const timers = order.indexOf('setTimer');
    expect(timers).toBeGreaterThan(order.indexOf('enterView'));
    expect(queue.state.workPending).toBe(true);
  });

  test('an impossible input is fatal', async () => {
    queue.start();
    queue.push({ kind: 'start' });
    await settled();
    expect(fatal).toMatchObject([{ code: 'IMPOSSIBLE_STATE' }]);
  });
});

describe('floods', () => {
  test('100,000 votes of one peer: few wait, the rest is counted, and what others say is heard in the next step', async () => {
    const requestId = await timeOut();
    queue.push(signed(requestId)); // the journal is at work from here on
    await settled();
    for (let i = 0n; i < 100_000n; i++) queue.push(vote(1, 1n + (i % 2n)));
    queue.push(vote(2, 1n));
    queue.push({ kind: 'certificateRequest', from: 3, view: 1n });
    expect(queue.state.views.get(1n)?.votes.nullify.has(2)).toBe(false);
    expect(dropped).toEqual(Array(100_000 - 256).fill('vote of 1'));
    await journal.sync();
    expect(queue.state.views.get(1n)?.votes.nullify.has(2)).toBe(true);
    expect(fatal).toEqual([]);
  });
});

describe('stop', () => {
  test('nothing is stepped or performed after it', async () => {
    queue.start();
    await settled();
    performed.length = 0;
    void queue.stop();
    queue.push({ kind: 'work', pending: true });
    await settled();
    expect(performed).toEqual([]);
    expect(queue.state.workPending).toBe(false);
  });

  test('during a sync: it resolves when the journal is written, and the effects are left undone', async () => {
    const requestId = await timeOut();
    queue.push(signed(requestId));
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    await settled();
    expect(stopped).toBe(false);
    await journal.sync();
    await stopping;
    expect(performed).toEqual([]);
    expect(fatal).toEqual([]);
  });

  test('within an effect: the rest of its step is left undone', async () => {
    onPerform = () => void queue.stop();
    queue.start();
    await settled();
    expect(performed).toHaveLength(1);
  });

  test('before the start: it never starts', async () => {
    await queue.stop();
    queue.start();
    await settled();
    expect(performed).toEqual([]);
    expect(queue.state.started).toBe(false);
  });
});
