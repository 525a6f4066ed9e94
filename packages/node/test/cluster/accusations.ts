import { decodeWireMessage, encodeWireMessage, type WireMessage } from '@heddle/network';
import { blsSign } from '@heddle/primitives';
import {
  hashValidators,
  justificationRoot,
  type Proposal,
  type ProposalTuple,
  type SigningRequest,
  signingMessage,
  type TupleVote,
  ZERO_HASH,
} from '@heddle/types';
import { devnetValidatorKeys } from '../../src/genesis/devnet-genesis.ts';
import { CONSENSUS_STREAM, EVIDENCE_STREAM } from '../../src/peers/protocols.ts';
import type { TestNetwork } from '../support/network.ts';
import { HONEST, type Tampering } from '../support/tampering.ts';
import { EVERYONE, type Facts, type Scenario, scenario, transfers, VALIDATORS } from './scenario.ts';

const LIAR = 0;
const HONEST_ONES = [1, 2, 3];
const EPOCH = 0n;

/** Enough that each leads a view with a parent that needs a certificate. */
const BLOCKS = 2 * VALIDATORS;

type Sign = (request: SigningRequest) => Uint8Array;

/** What the liar signs beside its signer, which would refuse. */
function liarsKey({ genesis, genesisHash }: TestNetwork): Sign {
  const [secretKey] = devnetValidatorKeys(VALIDATORS);
  if (secretKey === undefined) throw new Error('there is no liar');
  const validatorSetHash = hashValidators(genesis.validators);
  const domain = { genesisHash, chainId: genesis.chainId, epoch: EPOCH, validatorSetHash };
  return (request) => blsSign(secretKey, signingMessage(domain, request));
}

function tupleVote(sign: Sign, kind: TupleVote['kind'], tuple: ProposalTuple): TupleVote {
  return { kind, tuple, signer: LIAR, signature: sign({ kind, tuple }) };
}

/** Changes what the liar says of consensus to some of the others. */
function lyingTo(
  network: TestNetwork,
  victims: readonly number[],
  change: (message: WireMessage) => WireMessage,
): Tampering {
  const names = victims.map((index) => network.peer(index));
  return {
    ...HONEST,
    send: (to, protocol, payload) => {
      if (protocol !== CONSENSUS_STREAM || !names.includes(to)) return payload;
      return encodeWireMessage(change(decodeWireMessage(payload)));
    },
  };
}

/** What each honest validator has proven, in a word: `kind culprits`, each once. */
function provenBy(network: TestNetwork): readonly string[] {
  return HONEST_ONES.map((index) => {
    const proofs = network
      .node(index)
      .evidence.map(({ evidence, culprits }) => `${evidence.kind} ${culprits.join(' ')}`);
    return [...new Set(proofs)].sort().join(', ');
  });
}

async function play(network: TestNetwork, tampering: Tampering): Promise<Facts> {
  let heard = 0;
  for (const index of EVERYONE) await network.start(index, index === LIAR ? tampering : HONEST);
  for (const index of HONEST_ONES) {
    network.node(index).onEvidence(() => {
      heard += 1;
    });
  }
  await transfers(network, HONEST_ONES, BLOCKS);
  await network.idle();
  const kept = HONEST_ONES.reduce((sum, index) => sum + network.node(index).evidence.length, 0);
  return { proven: [...new Set(provenBy(network))].join('; '), eachToldOnce: heard === kept };
}

/** One validator is told of another finalize vote than the rest, and it is the only one who could know. */
function contradictsItself(network: TestNetwork): Promise<Facts> {
  const sign = liarsKey(network);
  const tampering = lyingTo(network, [1], (message) => {
    if (message.kind !== 'vote' || message.vote.kind !== 'finalize') return message;
    return { kind: 'vote', vote: tupleVote(sign, 'finalize', { ...message.vote.tuple, blockHash: ZERO_HASH }) };
  });
  return play(network, tampering);
}

/** A leader whose parent certificate is no good, everything signed and committed to as it should be. */
function proposesUnproven(network: TestNetwork): Promise<Facts> {
  const sign = liarsKey(network);
  const unproven = (proposal: Proposal): Proposal => {
    const { parentCertificate, skipCertificates } = proposal;
    if (parentCertificate === null) return proposal;
    const forged = { ...parentCertificate, aggregate: parentCertificate.aggregate.map((byte) => byte ^ 1) };
    const tuple = { ...proposal.tuple, justificationRoot: justificationRoot(forged, skipCertificates) };
    return {
      ...proposal,
      tuple,
      parentCertificate: forged,
      leaderSignature: sign({ kind: 'propose', tuple }),
      leaderNotarize: tupleVote(sign, 'notarize', tuple),
    };
  };
  const tampering = lyingTo(network, HONEST_ONES, (message) =>
    message.kind === 'proposal' ? { kind: 'proposal', proposal: unproven(message.proposal) } : message,
  );
  return play(network, tampering);
}

/** Votes that validator 1 never cast, signed by the liar: nobody believes them or hears more of the kind from it. */
async function accusesFalsely(network: TestNetwork): Promise<Facts> {
  const sign = liarsKey(network);
  const transport = network.impersonate(LIAR);
  for (const index of HONEST_ONES) await network.start(index);
  await transport.start();
  await network.time.advanceAsync(100);
  const accuse = (view: bigint): void => {
    const tuple = {
      epoch: EPOCH,
      view,
      parentView: 0n,
      parentHash: ZERO_HASH,
      blockHash: ZERO_HASH,
      justificationRoot: ZERO_HASH,
    };
    const first = { ...tupleVote(sign, 'notarize', tuple), signer: 1 };
    const second = { ...tupleVote(sign, 'notarize', { ...tuple, blockHash: network.genesisHash }), signer: 1 };
    const report = { epoch: EPOCH, evidence: { kind: 'doubleVote', culprit: 1, first, second } } as const;
    for (const to of transport.peers())
      transport.send(to, EVIDENCE_STREAM, encodeWireMessage({ kind: 'evidence', report }));
  };
  for (let view = 1n; view <= 20n; view++) accuse(view);
  await transfers(network, HONEST_ONES, 3);
  await transport.stop();
  await network.idle();
  return { proven: provenBy(network).join('') };
}

const ONE_SHARD = { shardCount: 1, blockTimeMs: 0 };

export const ACCUSATIONS: readonly Scenario[] = [
  scenario('accused: contradicts itself to one', ONE_SHARD, contradictsItself),
  scenario('accused: proposes on a forged certificate', ONE_SHARD, proposesUnproven),
  scenario('accused: falsely', ONE_SHARD, accusesFalsely),
];
