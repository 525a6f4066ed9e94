import type { BuildRequest, ChunkExecutor } from '@heddle/execution';
import { decodeWireMessage } from '@heddle/network';
import { TRANSACTION_TOPIC } from '@heddle/node';
import { decodeTransaction, type RecoveredTransaction, recoverTransaction } from '@heddle/types';
import { type Actor, UNTOUCHED } from '../actor.ts';

/** Transactions that it has heard of lately: those of other shards' senders are refused, as executed ones are. */
const REMEMBERED = 32;

/**
 * As producer calls everything local: what touches other shards is executed in its chunk as if these accounts were empty and
 * here. Header and body are what this execution gives, so that nothing but the local rule is against the chunk.
 */
export const overLocalProducer: Actor = {
  name: 'over-local-producer',
  description: 'as producer executes in its chunk what touches accounts of other shards',
  proofs: [],
  start: ({ misdeed }) => {
    let heard: readonly RecoveredTransaction[] = [];
    return {
      ...UNTOUCHED,
      receive: (_from, protocol, payload) => {
        if (protocol === TRANSACTION_TOPIC) heard = [...heard, ...transactionsIn(payload)].slice(-REMEMBERED);
        return payload;
      },
      executor: (honest) => withoutRule(honest, () => heard, misdeed),
    };
  },
};

function withoutRule(
  honest: ChunkExecutor,
  heard: () => readonly RecoveredTransaction[],
  misdeed: (witness: null) => void,
): ChunkExecutor {
  return {
    disagreements: honest.disagreements,
    verify: (request) => honest.verify(request),
    verifySection: (request) => honest.verifySection(request),
    buildSection: (request) => honest.buildSection(request),
    build: async (request) => {
      const candidates = [...request.candidates];
      const built = await honest.build(withEverything({ ...request, candidates }, heard()));
      if (built.outcome.included.some((transaction) => !candidates.includes(transaction))) misdeed(null);
      return built;
    },
  };
}

/** Whatever it looks up resides here, but for who is paid: that shows in the header. */
function withEverything(request: BuildRequest, heard: readonly RecoveredTransaction[]): BuildRequest {
  const { task, candidates } = request;
  const { context, rules: honest } = task;
  const rules: typeof honest = {
    ...honest,
    residence: (state, address) => (address === context.coinbase ? honest.residence(state, address) : honest.shard),
  };
  return { ...request, task: { ...task, rules }, candidates: [...candidates, ...heard] };
}

function transactionsIn(payload: Uint8Array): readonly RecoveredTransaction[] {
  const message = decodeWireMessage(payload);
  if (message.kind !== 'transactions') return [];
  return message.transactions.flatMap((raw) => recoverTransaction(decodeTransaction(raw)) ?? []);
}
