import { decodeWireMessage } from '@heddle/network';
import type { Certificate, ValidatorIndex } from '@heddle/types';
import { GOOD_WEATHER, type Passage, type Weather } from '../world/sim-network.ts';
import type { NodeWorld } from '../world/world.ts';
import { type Scenario, UNPREPARED } from './scenario.ts';

type Direction = readonly [from: ValidatorIndex, to: ValidatorIndex];

/** Δ of the simulated genesis, and delays beyond 3Δ of it. */
const DELTA_MS = 500;
const LATE_MS = [3 * DELTA_MS, 6 * DELTA_MS] as const;

/** The network is bad in one way after the other, several times over. */
export const network: Scenario = {
  name: 'network',
  description: 'partitions of every shape, loss, duplicates, disorder, delays beyond 3Δ, split certificates',
  prepare: UNPREPARED,
  play: async (world) => {
    const phases = world.dice.between(2, 4);
    for (let phase = 0; phase < phases; phase++) {
      world.wantBlocks(2n);
      disturbNetwork(world);
      await world.pass(world.dice.between(500, 6_000));
      if (world.dice.chance(0.5)) world.network.heal();
    }
  },
};

/** One more thing that is wrong with the network, on top of what was. */
export function disturbNetwork(world: NodeWorld): void {
  const { dice } = world;
  dice.pick([setRandomWeather, disconnectHalves, ring, isolate, oneWay, splitCertificates])(world);
}

function setRandomWeather(world: NodeWorld): void {
  const { dice } = world;
  const isLate = dice.chance(0.25);
  const weather: Weather = {
    latencyMs: isLate ? LATE_MS : dice.pick([GOOD_WEATHER.latencyMs, [1, 300], [100, 100]]),
    jitterMs: dice.pick([0, 10, 200, 1_000]),
    loss: dice.pick([0, 0.05, 0.2, 0.5]),
    duplicates: dice.pick([0, 0.1, 0.5]),
    overtaking: dice.pick([0, 0.1, 0.5]),
  };
  world.network.setWeather(weather);
}

/** Connections break: both sides notice. */
function disconnectHalves(world: NodeWorld): void {
  const shuffled = world.dice.shuffled(world.machines.map(({ peer }) => peer));
  const size = world.dice.between(1, shuffled.length - 1);
  world.network.hub.partition([shuffled.slice(0, size), shuffled.slice(size)]);
}

/** Each hears its two neighbours only. */
function ring(world: NodeWorld): void {
  const n = world.machines.length;
  const order = world.dice.shuffled(world.machines.map(({ index }) => index));
  const place = new Map(order.map((index, at) => [index, at]));
  const distance = ([from, to]: Direction): number => {
    const apart = Math.abs((place.get(from) ?? 0) - (place.get(to) ?? 0));
    return Math.min(apart, n - apart);
  };
  world.network.block(directions(world).filter((direction) => distance(direction) > 1));
}

/** Nothing reaches one of them, or nothing leaves it, or neither. */
function isolate(world: NodeWorld): void {
  const lonely = world.dice.below(world.machines.length);
  const [deaf, dumb] = world.dice.pick([
    [true, true],
    [true, false],
    [false, true],
  ]);
  world.network.block(
    directions(world).filter(([from, to]) => (deaf === true && to === lonely) || (dumb === true && from === lonely)),
  );
}

/** Some directions are dead while the way back is not. */
function oneWay(world: NodeWorld): void {
  const share = world.dice.pick([0.1, 0.3, 0.6]);
  world.network.block(directions(world).filter(() => world.dice.chance(share)));
}

/** One half gets no notarizations, the other no nullifications: their views differ for as long as this lasts. */
function splitCertificates(world: NodeWorld): void {
  const half = new Set(
    world.dice.shuffled(world.machines.map(({ index }) => index)).slice(0, Math.ceil(world.plan.validators / 2)),
  );
  const hides = (certificate: Certificate, to: ValidatorIndex): boolean =>
    half.has(to) ? certificate.kind !== 'nullify' : certificate.kind === 'nullify';
  world.network.filter(({ kind, to, payload }: Passage) => {
    // Votes late enough to make no quorum on their own way: certificates decide who learns what.
    if (kind === 'vote') return world.dice.chance(0.6);
    if (kind !== 'certificate') return true;
    const message = decodeWireMessage(payload);
    return message.kind !== 'certificate' || !hides(message.certificate, to);
  });
}

function directions(world: NodeWorld): readonly Direction[] {
  const all = world.machines.map(({ index }) => index);
  return all.flatMap((from) => all.filter((to) => to !== from).map((to): Direction => [from, to]));
}
