import { createVirtualTime } from '@heddle/runtime';
import { expect, test } from '@jest/globals';
import { REQUEST_DRAIN_MS, REQUEST_SHUT_MS } from '../src/limits.ts';
import { RequestGate } from '../src/rpc-backend/request-gate.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('requests are let in at once, and wait while it is closed', async () => {
  const gate = new RequestGate(createVirtualTime({ startWallMs: 0 }).scheduler);
  const seen: string[] = [];
  expect(gate.enter()).toBeNull();
  gate.leave();
  let open = (): void => {};
  const closed = gate.closedFor(
    () =>
      new Promise<void>((resolve) => {
        open = resolve;
      }),
  );
  const entering = Promise.resolve(gate.enter()).then(() => seen.push('in'));
  await turn();
  expect(seen).toEqual([]);
  open();
  await closed;
  await entering;
  expect(seen).toEqual(['in']);
});

test('who is inside may end first, but for the one that asks for the closing; nobody waits for one that does not end', async () => {
  const time = createVirtualTime({ startWallMs: 0 });
  const gate = new RequestGate(time.scheduler);
  const seen: string[] = [];
  expect([gate.enter(), gate.enter()]).toEqual([null, null]);
  const asked = gate.outside(() => gate.closedFor(async () => seen.push('closed')));
  await turn();
  expect(seen).toEqual([]);
  gate.leave();
  await asked;
  expect(seen).toEqual(['closed']);
  const again = gate.closedFor(async () => seen.push('late'));
  await turn();
  expect(seen).toEqual(['closed']);
  await time.advanceAsync(REQUEST_DRAIN_MS + REQUEST_SHUT_MS);
  await again;
  expect(seen).toEqual(['closed', 'late']);
});

test('two that ask at once both come to their turn', async () => {
  const gate = new RequestGate(createVirtualTime({ startWallMs: 0 }).scheduler);
  const seen: number[] = [];
  const ask = async (id: number): Promise<void> => {
    await gate.enter();
    await gate.outside(() => gate.closedFor(async () => seen.push(id)));
    gate.leave();
  };
  await Promise.all([ask(1), ask(2)]);
  expect(seen.toSorted()).toEqual([1, 2]);
});

test('while it waits for one that does not end, others are let in; then they wait', async () => {
  const time = createVirtualTime({ startWallMs: 0 });
  const gate = new RequestGate(time.scheduler);
  expect(gate.enter()).toBeNull();
  const closed = gate.closedFor(async () => undefined);
  await time.advanceAsync(REQUEST_DRAIN_MS - 1);
  expect(gate.enter()).toBeNull();
  gate.leave();
  await time.advanceAsync(1);
  const waiting = gate.enter();
  expect(waiting).not.toBeNull();
  await time.advanceAsync(REQUEST_SHUT_MS);
  await closed;
  await waiting;
});
