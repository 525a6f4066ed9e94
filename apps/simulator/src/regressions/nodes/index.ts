import type { NodeScenario } from '../../crash/node-scenario.ts';
import { allCrashAfterNullify } from './all-crash-after-nullify.ts';
import { applicationAhead } from './application-ahead.ts';
import { damagedJournal } from './damaged-journal.ts';
import { emptyJournal } from './empty-journal.ts';
import { missingSigner } from './missing-signer.ts';
import { replayUnableToSign } from './replay-unable-to-sign.ts';
import { syncStateLost } from './sync-state-lost.ts';
import { tornJournal } from './torn-journal.ts';

/** Every scenario that needs whole validators. */
export const NODE_SCENARIOS: readonly NodeScenario[] = [
  allCrashAfterNullify,
  applicationAhead,
  damagedJournal,
  emptyJournal,
  missingSigner,
  replayUnableToSign,
  syncStateLost,
  tornJournal,
];
