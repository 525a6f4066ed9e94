import { decodeWireMessage, encodeWireMessage, encodeWireRequest } from '@heddle/network';
import { decodeRlp } from '@heddle/primitives';
import { Dice } from '@heddle/runtime';
import { describe, expect, test } from '@jest/globals';
import { distortedBytes, distortedFields } from '../src/wire/distort.ts';
import { joinEnvelope, splitEnvelope } from '../src/wire/envelope.ts';
import { Samples } from '../src/wire/samples.ts';
import { wildShot } from '../src/wire/shots.ts';
import { runSimulator } from './support/run-simulator.ts';

const LIMIT_MS = 4 * 60_000;
/** `npm run simulate -- wire` sends 200,000. */
const MESSAGES = 3_000;

test(
  'any bytes on any channel stop nothing and stay nowhere',
  async () => {
    const run = await runSimulator(['wire', '--messages', String(MESSAGES), '--json'], LIMIT_MS);
    expect(run.stderr).toBe('');
    const report: Record<string, unknown> = JSON.parse(run.stdout);
    expect(report).toMatchObject({ violation: null, messages: 1.5 * MESSAGES + Math.ceil(MESSAGES / 2 / 8) });
    // What the member sends is read most of the time: its messages test more than the block.
    expect(report.heard).toBeGreaterThan(MESSAGES / 3);
    expect(report.executed).toBeGreaterThan(50);
    expect(run.exitCode).toBe(0);
  },
  LIMIT_MS,
);

describe('what is sent', () => {
  const request = { kind: 'certificateRequest', epoch: 1n, view: 300n } as const;
  const bytes = encodeWireMessage(request);

  test('an envelope taken apart and put together is the same message', () => {
    expect(decodeWireMessage(joinEnvelope(splitEnvelope(request.kind, bytes)))).toEqual(request);
  });

  test('one field is another one, and the rest is as it was', () => {
    const { payload } = splitEnvelope(request.kind, bytes);
    const dice = Dice.of(1, 1n);
    const views = new Set<string>();
    for (let i = 0; i < 200; i++) views.add(JSON.stringify(decodeRlp(distortedFields(dice, payload, payload))));
    // Neighbours, extremes, other lengths, other forms.
    expect(views.size).toBeGreaterThan(30);
  });

  test('bytes that are no RLP stay what they are', () => {
    const dice = Dice.of(1, 1n);
    const broken = Uint8Array.of(0xc5, 1);
    expect(distortedFields(dice, broken, broken)).toEqual(broken);
    expect(distortedBytes(dice, broken, broken)).toBeInstanceOf(Uint8Array);
  });

  test('every channel gets something, and every kind of size', () => {
    const dice = Dice.of(2, 1n);
    const samples = new Samples(dice);
    samples.add({ protocol: '/heddle/consensus/1', bytes, ...splitEnvelope(request.kind, bytes) });
    const asked = encodeWireRequest({ kind: 'poolRequest' });
    samples.add({ protocol: '/heddle/fetch/1', bytes: asked, ...splitEnvelope('poolRequest', asked) });
    const shots = Array.from({ length: 1_000 }, () => wildShot(dice, samples));
    expect(new Set(shots.map(({ form }) => form))).toEqual(new Set(['direct', 'topic', 'request']));
    expect(new Set(shots.map(({ protocol }) => protocol)).size).toBe(6);
    expect(shots.filter(({ payload }) => payload.length > 1_024).length).toBeGreaterThan(10);
  });
});
