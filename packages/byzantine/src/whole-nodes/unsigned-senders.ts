import type { ChunkExecutor } from '@heddle/execution';
import { decodeWireMessage, encodeWireMessage } from '@heddle/network';
import { TRANSACTION_TOPIC } from '@heddle/node';
import {
  decodeTransaction,
  encodeImpersonated,
  type FeeMarketTransaction,
  type RecoveredTransaction,
  recoverTransaction,
} from '@heddle/types';
import { type Actor, UNTOUCHED } from '../actor.ts';

/** Beats any transaction that it stands for in a pool that would take it. */
const FEE_FACTOR = 2n;

/** Says of each transaction that it hears that its sender wanted to pay more, without a signature. */
export const unsignedGossiper: Actor = {
  name: 'unsigned-gossiper',
  description: 'gossips transactions in the name of others that are not signed, as a devnet makes them for itself',
  proofs: [],
  start: ({ connection, misdeed }) => ({
    ...UNTOUCHED,
    receive: (_from, protocol, payload) => {
      const transactions = protocol === TRANSACTION_TOPIC ? unsignedFor(payload) : [];
      if (transactions.length === 0) return payload;
      connection.publish(TRANSACTION_TOPIC, encodeWireMessage({ kind: 'transactions', transactions }));
      misdeed(null);
      return payload;
    },
  }),
};

/** Executes them itself, so that nothing but the missing signatures is against its chunks and sections. */
export const unsignedMaker: Actor = {
  name: 'unsigned-maker',
  description: 'makes chunks and sections of transactions that are not signed, where no devnet is',
  proofs: [],
  start: ({ misdeed }) => ({ ...UNTOUCHED, executor: (honest) => withoutSignatures(honest, () => misdeed(null)) }),
};

function withoutSignatures(honest: ChunkExecutor, misdeed: () => void): ChunkExecutor {
  const unsigned = (candidates: Iterable<RecoveredTransaction>): readonly RecoveredTransaction[] => {
    const made = [...candidates].map((candidate) => unsignedOf(candidate, 1n) ?? candidate);
    if (made.length > 0) misdeed();
    return made;
  };
  return {
    disagreements: honest.disagreements,
    verify: (request) => honest.verify(request),
    verifySection: (request) => honest.verifySection(request),
    build: (request) => honest.build({ ...request, candidates: unsigned(request.candidates) }),
    buildSection: (request) => honest.buildSection({ ...request, candidates: unsigned(request.candidates) }),
  };
}

function unsignedFor(payload: Uint8Array): readonly Uint8Array[] {
  const message = decodeWireMessage(payload);
  if (message.kind !== 'transactions') return [];
  return message.transactions.flatMap((raw) => {
    const heard = recoverTransaction(decodeTransaction(raw));
    const made = heard === null ? null : unsignedOf(heard, FEE_FACTOR);
    return made === null ? [] : [made.raw];
  });
}

/** Null where it would not have the fields of type 2, or stands there without a signature already. */
function unsignedOf({ fields, sender, signature }: RecoveredTransaction, factor: bigint): RecoveredTransaction | null {
  if (fields.type !== 2 || 'sender' in signature) return null;
  const dearer: FeeMarketTransaction = {
    ...fields,
    maxFeePerGas: fields.maxFeePerGas * factor,
    maxPriorityFeePerGas: fields.maxPriorityFeePerGas * factor,
  };
  return encodeImpersonated(dearer, sender);
}
