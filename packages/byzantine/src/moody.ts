import { type Actor, UNTOUCHED } from './actor.ts';
import type { Speaker } from './speaker.ts';

/** An actor that breaks the rules only now and then: one that is never caught out at once does more harm. */
export function moody(actor: Actor, honestRate: number): Actor {
  return {
    ...actor,
    start: (tools) => {
      const tampering = actor.start(tools);
      const isHonest = (): boolean => tools.dice.chance(honestRate);
      return {
        send: (to, protocol, payload) => (isHonest() ? UNTOUCHED : tampering).send(to, protocol, payload),
        // What it hears it hears in any mood.
        receive: (from, protocol, payload) => tampering.receive(from, protocol, payload),
        answer: (request, honest) => (isHonest() ? UNTOUCHED : tampering).answer(request, honest),
        executor: (honest) => (isHonest() ? UNTOUCHED : tampering).executor(honest),
      };
    },
  };
}

/** The same in the world of engines. */
export function moodySpeaker(speaker: Speaker, honestRate: number): Speaker {
  return {
    ...speaker,
    start: (tools) => {
      const speech = speaker.start(tools);
      return {
        say: (message, to) => (tools.dice.chance(honestRate) ? [message] : speech.say(message, to)),
        // What it hears it hears in any mood.
        hear: speech.hear,
      };
    },
  };
}
