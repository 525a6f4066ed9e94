/** The attackers, in a process of their own: its argument is the `Orders` as JSON. Prints an `AttackReport` as one JSON line. */
import { constants, setPriority } from 'node:os';
import { Dice } from '@heddle/runtime';
import { FrameBreakers } from './frames.ts';
import { Insider } from './insider.ts';
import { Outsiders } from './outsiders.ts';
import { paced } from './pace.ts';
import { crowd, halfOpen } from './sockets.ts';
import { Tally } from './tally.ts';
import type { AttackReport, Orders } from './target.ts';

/** Parts of all messages. Frames cost a connection each, so they are few. */
const OUTSIDE = 0.6;
const FRAMES = 0.01;
const REPLAYED = 0.3;
const RAVED = 0.09;
const OUTSIDERS_AT_ONCE = 2;
const SECOND_MS = 1_000;

/** Other machines would not take time of the validators'. */
setPriority(constants.priority.PRIORITY_LOW);
const orders: Orders = JSON.parse(process.argv[2] ?? '');
process.stdout.write(`${JSON.stringify(await attack(orders))}\n`, () => process.exit());

async function attack({ messages, rate, seed }: Orders): Promise<AttackReport> {
  const tally = new Tally();
  const durationMs = (messages / rate) * SECOND_MS;
  const insider = await Insider.join(orders, Dice.of(seed, 1n), tally);
  const outsiders = new Outsiders(orders, Dice.of(seed, 2n), insider.samples, tally);
  const breakers = new FrameBreakers(orders, Dice.of(seed, 3n), tally);
  const outside = Array.from({ length: OUTSIDERS_AT_ONCE }, () =>
    paced((messages * OUTSIDE) / OUTSIDERS_AT_ONCE, durationMs, () => outsiders.next()),
  );
  const inside = async (): Promise<void> => {
    const replayMs = (durationMs * REPLAYED) / (REPLAYED + RAVED);
    await paced(messages * REPLAYED, replayMs, () => insider.replay());
    await paced(messages * RAVED, durationMs - replayMs, () => insider.rave());
  };
  const sockets = async (): Promise<AttackReport['isClosed']> => ({
    halfOpen: await halfOpen(orders, tally),
    crowd: await crowd(orders, tally),
  });
  const frames = paced(messages * FRAMES, durationMs, () => breakers.next());
  const [isClosed] = await Promise.all([sockets(), inside(), frames, ...outside]);
  await insider.stop();
  return { deeds: tally.deeds, isClosed };
}
