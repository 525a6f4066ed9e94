import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { multiaddr } from '@multiformats/multiaddr';
import { BAN_POINTS, MAX_BAN_MS, MAX_REMEMBERED_PEERS, POINTS_HALF_LIFE_MS } from '../src/limits.ts';
import { dialableAddress, isPrivate, originOf } from '../src/peers/addresses.ts';
import { Admission } from '../src/peers/admission.ts';
import { Bans } from '../src/peers/bans.ts';

const BAN_MS = 1_000;

let time: VirtualTime;
let bans: Bans;
let begun: string[];

beforeEach(() => {
  time = createVirtualTime({ startWallMs: 0 });
  begun = [];
  bans = new Bans({
    clock: time.clock,
    limits: { banMs: BAN_MS },
    banned: ({ subject }) => begun.push(subject),
  });
});

describe('bans', () => {
  test('end by the clock, and the next one is twice as long', () => {
    bans.ban('a', 'test');
    time.advance(BAN_MS - 1);
    expect(bans.has('a')).toBe(true);
    time.advance(1);
    expect([bans.has('a'), bans.list()]).toEqual([false, []]);
    bans.ban('a', 'again');
    time.advance(BAN_MS);
    expect(bans.has('a')).toBe(true);
    time.advance(BAN_MS);
    expect(bans.has('a')).toBe(false);
  });

  test('never last longer than a day', () => {
    for (let i = 0; i < 100; i++) bans.ban('a', 'test');
    time.advance(MAX_BAN_MS);
    expect(bans.has('a')).toBe(false);
  });

  test('come with points, which fade', () => {
    expect(bans.blame('a', '', BAN_POINTS / 2, 'bad')).toBe(false);
    time.advance(10 * POINTS_HALF_LIFE_MS);
    expect(bans.blame('a', '', BAN_POINTS / 2, 'bad')).toBe(false);
    expect(bans.blame('a', '', BAN_POINTS / 2, 'bad')).toBe(true);
    expect(begun).toEqual(['a']);
  });

  test('take the address with the third peer', () => {
    for (const peer of ['a', 'b']) bans.blame(peer, '1.2.3.4', BAN_POINTS, 'bad');
    expect(bans.has('1.2.3.4')).toBe(false);
    bans.blame('c', '1.2.3.4', BAN_POINTS, 'bad');
    expect(bans.has('1.2.3.4')).toBe(true);
  });

  test('a peer that is banned is not banned again for what was on the way', () => {
    bans.blame('a', '1.2.3.4', BAN_POINTS, 'bad');
    bans.blame('a', '1.2.3.4', BAN_POINTS, 'bad');
    expect(begun).toEqual(['a']);
    bans.pardon('a');
    expect(bans.has('a')).toBe(false);
  });

  test('are bounded in number', () => {
    for (let i = 0; i < MAX_REMEMBERED_PEERS + 10; i++) bans.ban(`peer ${i}`, 'test');
    expect(bans.list()).toHaveLength(MAX_REMEMBERED_PEERS);
  });
});

describe('admission', () => {
  const limits = { maxUnproven: 4, maxPerAddress: 2, maxPerSubnet: 3 };
  const from = (address: string): ReturnType<typeof originOf> => originOf(multiaddr(`/ip4/${address}/tcp/1`));

  test('counts by address and subnet, and lets go', () => {
    const admission = new Admission(limits, bans);
    const first = admission.admit(from('1.1.1.1'));
    admission.admit(from('1.1.1.1'));
    expect(admission.refusal(from('1.1.1.1'))).toBe('perAddress');
    admission.admit(from('1.1.1.2'));
    expect(admission.refusal(from('1.1.1.3'))).toBe('perSubnet');
    expect(admission.refusal(from('1.1.2.1'))).toBeNull();
    first.released();
    first.released();
    expect(admission.refusal(from('1.1.1.1'))).toBeNull();
  });

  test('does not count validators, and those that have proven who they are as unproven', () => {
    const admission = new Admission(limits, bans);
    const all = [1, 2, 3, 4].map((host) => admission.admit(from(`1.1.${host}.1`)));
    expect(admission.refusal(from('2.2.2.2'))).toBe('unproven');
    for (const each of all) each.proven();
    expect(admission.unproven).toBe(0);
    const [first] = all;
    first?.privileged();
    admission.admit(from('1.1.1.1'));
    expect(admission.refusal(from('1.1.1.1'))).toBeNull();
    first?.released();
    admission.admit(from('1.1.1.1'));
    expect(admission.refusal(from('1.1.1.1'))).toBe('perAddress');
  });

  test('refuses banned addresses', () => {
    bans.ban('1.1.1.1', 'test');
    expect(new Admission(limits, bans).refusal(from('1.1.1.1'))).toBe('banned');
  });
});

describe('addresses', () => {
  test('of one owner are one subnet', () => {
    expect(originOf(multiaddr('/ip4/203.0.113.7/tcp/1')).subnet).toBe('203.0.113');
    const [one, two] = ['2001:db8:1::1', '2001:db8:1:ffff::2'].map((ip) => originOf(multiaddr(`/ip6/${ip}/tcp/1`)));
    expect(one?.subnet).toBe('2001:db8:1');
    expect(two?.subnet).toBe(one?.subnet);
    expect(originOf(multiaddr('/ip6/::1/tcp/1')).subnet).toBe('0:0:0');
  });

  test.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.0.1', true],
    ['203.0.113.7', false],
    ['::1', true],
    ['fe80::1', true],
    ['2001:db8::1', false],
  ])('%s is private: %s', (address, expected) => {
    expect(isPrivate(address)).toBe(expected);
  });

  test.each(['/ip4/1.2.3.4/tcp/1', '/dns4/example.org/tcp/1', '/ip6/2001:db8::1/tcp/1'])(
    '%s can be dialled',
    (text) => {
      expect(dialableAddress(text)?.toString()).toBe(text);
    },
  );

  test.each([
    '',
    'nonsense',
    '/ip4/1.2.3.4/udp/1',
    '/ip4/1.2.3.4/tcp/1/ws',
    '/unix/%2Ftmp%2Fa',
    '/ip4/999.1.1.1/tcp/1',
  ])('%s is nothing that a peer may tell', (text) => {
    expect(dialableAddress(text)).toBeNull();
  });
});
