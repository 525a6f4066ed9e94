export type { Cancel, Clock, Random, Scheduler } from './clock.ts';
export { Dice } from './dice.ts';
export { InvalidByteLengthError, InvalidDelayError, NothingToPickError, RunawayScheduleError } from './errors.ts';
export { secureRandom } from './secure-random.ts';
export { createSeededRandom } from './seeded-random.ts';
export { systemClock } from './system-clock.ts';
export { createSystemScheduler, type SystemSchedulerOptions, systemScheduler } from './system-scheduler.ts';
export { createVirtualTime, type VirtualTime, type VirtualTimeOptions } from './virtual-time.ts';
