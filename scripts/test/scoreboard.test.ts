import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Frames, frame, HttpAnswers } from '../../benchmarks/rpc-parts/wire.ts';
import { complaints } from '../scoreboard/judge.ts';
import { type Board, document, tableText } from '../scoreboard/render.ts';
import { control, type FoundRow, joinRows, judged, notRun, type Row, refused } from '../scoreboard/result.ts';

const passed = { name: 'passes', failure: null };
const failed = { name: 'fails', failure: 'a | reason\nof two lines' };

function rowsOf(found: Readonly<Record<string, readonly FoundRow[]>>): readonly Row[] {
  return joinRows(Object.entries(found).map(([network, rows]) => ({ network, rows })));
}

describe('what the scoreboard complains about', () => {
  test('a row below the reference, and one that is lower on more shards', () => {
    const rows = rowsOf({
      anvil: [judged('a', [passed, failed]), judged('b', [passed, passed])],
      s1: [judged('a', [passed, passed]), judged('b', [passed, failed])],
      s2: [judged('a', [passed, failed]), judged('b', [passed, failed])],
    });
    expect(complaints(rows, ['anvil', 's1', 's2'])).toEqual(['a: s2 1, s1 2', 'b: s1 1, anvil 2', 'b: s2 1, anvil 2']);
  });

  test('a check that could not run here and did there, under whatever heading', () => {
    const rows = rowsOf({ anvil: [judged('viem reads', [passed])], s1: [notRun('viem', 'the devnet ended')] });
    expect(complaints(rows, ['anvil', 's1'])).toEqual(['viem: s1 could not run']);
  });

  test('refused rows are shown only, control rows count, and what nobody ran is no complaint', () => {
    const rows = rowsOf({
      anvil: [control('c', [passed]), refused('r', 'on principle', [passed]), notRun('n', 'not given')],
      s1: [control('c', [failed]), refused('r', 'on principle', [failed]), notRun('n', 'not given')],
    });
    expect(complaints(rows, ['anvil', 's1'])).toEqual(['c: s1 0, anvil 1']);
  });

  test('equal counts never are a complaint, whatever failed', () => {
    const results = fc.array(fc.boolean(), { maxLength: 6 });
    fc.assert(
      fc.property(results, (flags) => {
        const some = flags.map((isFine) => (isFine ? passed : failed));
        const reversed = [...some].reverse();
        const rows = rowsOf({ anvil: [judged('a', some)], s1: [judged('a', reversed)] });
        expect(complaints(rows, ['anvil', 's1'])).toEqual([]);
      }),
    );
  });
});

describe('what the scoreboard shows', () => {
  const board: Board = {
    rows: rowsOf({
      anvil: [judged('a', [passed, failed]), refused('r', 'On principle.', [passed])],
      s1: [judged('a', [passed, failed]), refused('r', 'On principle.', [failed])],
      s2: [notRun('a', 'it could not')],
    }),
    networks: ['anvil', 's1', 's2'],
    date: '2026-01-02',
    versions: [{ name: 'viem', version: '2.0.0' }],
  };

  test('a table for a terminal', () => {
    expect(tableText(board).split('\n')).toEqual([
      'check  anvil   s1       s2',
      'a        1/2  1/2  not run',
      'r        1/1  0/1        –',
      '',
    ]);
  });

  test('a document with what failed where, and why', () => {
    const text = document(board);
    expect(text).toContain('Do not edit');
    expect(text).toContain('| a | 1/2 | 1/2 | not run |');
    expect(text).toContain('| r *refused* | 1/1 | 0/1 | – |');
    expect(text).toContain('- fails (anvil, S = 1): a \\| reason of two lines');
    expect(text).toContain('- not run (S = 2): it could not');
    expect(text).toContain('## r\n\nOn principle.');
    expect(text).toContain('viem 2.0.0');
  });
});

describe('the load generator reads answers', () => {
  const texts = fc.array(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme-ascii' }), {
    minLength: 1,
    maxLength: 5,
  });
  const size = fc.integer({ min: 1, max: 80 });

  test('over HTTP, however they are cut', () => {
    fc.assert(
      fc.property(texts, size, (bodies, step) => {
        const [heard, listener] = listening();
        const answers = new HttpAnswers(listener);
        for (const body of bodies) {
          feed(Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`), step, (part) =>
            answers.take(part),
          );
        }
        expect(heard).toEqual(bodies.map(({ length }) => length));
      }),
    );
  });

  test('over WebSocket, however they are cut', () => {
    fc.assert(
      fc.property(texts, size, (bodies, step) => {
        const [heard, listener] = listening();
        const frames = new Frames(listener);
        feed(Buffer.concat(bodies.map(unmasked)), step, (part) => frames.take(part));
        expect(heard).toEqual(bodies.map(({ length }) => length));
      }),
    );
  });

  test('anything but an answer with a length is said', () => {
    const [heard, listener] = listening();
    new HttpAnswers(listener).take(Buffer.from('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}'));
    expect(heard).toEqual([-1]);
  });

  /** Lengths of what was answered; −1 for a failure. */
  function listening(): readonly [number[], { answered: (head: Buffer, length: number) => void; failed: () => void }] {
    const heard: number[] = [];
    return [heard, { answered: (_, length) => heard.push(length), failed: () => heard.push(-1) }];
  }

  function feed(bytes: Buffer, step: number, take: (part: Buffer) => void): void {
    for (let at = 0; at < bytes.length; at += step) take(bytes.subarray(at, at + step));
  }

  /** What a server sends is what a client sends without the mask, here four zero bytes. */
  function unmasked(text: string): Buffer {
    const bytes = frame(text);
    const payload = bytes.subarray(bytes.length - Buffer.byteLength(text));
    const head = Buffer.from(bytes.subarray(0, bytes.length - payload.length - 4));
    head.writeUInt8(head.readUInt8(1) & 0x7f, 1);
    return Buffer.concat([head, payload]);
  }
});
