import { type EngineState, type EngineStep, recoverEngine, step, type TimerKind } from '@heddle/consensus';
import { type EngineUnderTest, realEngine } from '../src/engine/engine-under-test.ts';

/** The real engine with one rule broken. */
export interface BrokenEngine {
  readonly name: string;
  readonly engine: EngineUnderTest;
}

const FIXED_MS: Readonly<Partial<Record<TimerKind, number>>> = { proposal: 200, notarization: 300, retry: 150 };

export const brokenEngines: readonly BrokenEngine[] = [
  {
    name: 'forgets its votes at a restart [D3]',
    engine: {
      ...realEngine,
      recover: (config, records, lastFinal) =>
        recoverEngine(
          config,
          records.filter(({ kind }) => kind !== 'ownVote'),
          lastFinal,
        ),
    },
  },
  {
    name: 'has timeouts that do not grow [V2]',
    engine: { ...realEngine, step: (state, input) => withFixedTimeouts(step(state, input)) },
  },
  {
    name: 'forgets that it has nullified [N6] [F2]',
    engine: { ...realEngine, step: (state, input) => step(withoutNullify(state), input) },
  },
  {
    name: 'sends votes that are not journaled [D1]',
    engine: {
      ...realEngine,
      step: (state, input) => {
        const next = step(state, input);
        return { ...next, records: next.records.filter(({ kind }) => kind !== 'ownVote') };
      },
    },
  },
  {
    name: 'believes signatures that are bad [C3]',
    engine: {
      ...realEngine,
      step: (state, input) => {
        const isRefusal = input.kind === 'verified' && !input.valid;
        return step(state, isRefusal ? { ...input, valid: true } : input);
      },
    },
  },
  {
    name: 'says nothing when it starts [D3]',
    engine: {
      ...realEngine,
      step: (state, input) => {
        const next = step(state, input);
        return input.kind === 'start'
          ? { ...next, effects: next.effects.filter(({ kind }) => kind !== 'broadcast') }
          : next;
      },
    },
  },
];

function withFixedTimeouts(next: EngineStep): EngineStep {
  const effects = next.effects.map((effect) =>
    effect.kind === 'setTimer' ? { ...effect, delayMs: FIXED_MS[effect.timer] ?? effect.delayMs } : effect,
  );
  return { ...next, effects };
}

function withoutNullify(state: EngineState): EngineState {
  const views = new Map(state.views);
  for (const [view, record] of views) {
    if (record.ownNullify?.status === 'signed') views.set(view, { ...record, ownNullify: null });
  }
  return { ...state, views };
}
