import { describe, expect, test } from '@jest/globals';
import { assert, BoundedCache, ImpossibleStateError, nearestName, unreachable } from '../src/index.ts';

describe('assert', () => {
  test('throws what says that it is a bug', () => {
    expect(() => assert(true, 'holds')).not.toThrow();
    expect(() => assert(false, 'views only grow')).toThrow(/a bug in this program.*views only grow/);
    expect(() => assert(false, 'x')).toThrow(expect.objectContaining({ name: 'ImpossibleStateError' }));
  });

  test('unreachable names the value', () => {
    const turn = (direction: 'left' | 'right'): number => {
      switch (direction) {
        case 'left':
          return -1;
        case 'right':
          return 1;
        default:
          return unreachable(direction, 'direction');
      }
    };
    expect(turn('left')).toBe(-1);
    expect(() => turn(JSON.parse('"sideways"'))).toThrow(ImpossibleStateError);
    expect(() => turn(JSON.parse('"sideways"'))).toThrow('unexpected direction: sideways');
  });
});

describe('BoundedCache', () => {
  test('forgets the oldest, never more than its capacity', () => {
    const cache = new BoundedCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);
    expect([cache.get('a'), cache.get('b'), cache.size]).toEqual([3, 2, 2]);
    cache.set('c', 4);
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual([undefined, 2, 4, 2]);
    expect(() => new BoundedCache(0)).toThrow(ImpossibleStateError);
  });
});

describe('nearestName', () => {
  const flags = ['validators', 'shards', 'block-time', 'data-dir', 'port'];

  test.each([
    ['validator', 'validators'],
    ['SHARDS', 'shards'],
    ['shrads', 'shards'],
    ['blocktime', 'block-time'],
    ['prot', 'port'],
    ['x', null],
    ['zzzzzz', null],
    ['', null],
  ])('%j → %j', (text, expected) => {
    expect(nearestName(text, flags)).toBe(expected);
  });

  test('nothing to choose from', () => {
    expect(nearestName('port', [])).toBeNull();
  });
});
