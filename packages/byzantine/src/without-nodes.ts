/** What the world of engines plays: nothing here loads a node. */
export { claimOf, inEpoch, madeUpQuorum, spoiled } from './forge.ts';
export { moodySpeaker } from './moody.ts';
export type { BlockCraft, Speaker, SpeakerTools, Speech } from './speaker.ts';
export { SPEAKERS } from './speakers/index.ts';
