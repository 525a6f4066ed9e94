import { newNetworkKey } from '@heddle/keys';
import {
  createLibp2pTransport,
  DEFAULT_LIMITS,
  type Libp2pTransport,
  NO_PEER_FILE,
  silentObserver,
} from '@heddle/libp2p';
import { peerOf, silentMetrics } from '@heddle/network';
import { type BuiltGenesis, clockProblem, PeerClocks } from '@heddle/node';
import { bytesToHex } from '@heddle/primitives';
import { secureRandom, systemClock, systemScheduler } from '@heddle/runtime';
import { errorMessage } from '../errors.ts';
import { DOCTOR_PATIENCE_MS } from '../limits.ts';
import type { Finding } from './finding.ts';

const POLL_MS = 50;

/** What was seen of the network in a few seconds. */
interface Sight {
  /** Names of connected nodes. */
  readonly reached: ReadonlySet<string>;
  /** Why a bootnode was not reached, by address or peer id. */
  readonly failures: ReadonlyMap<string, string>;
  /** Null: too few validators have said. */
  readonly aheadMs: number | null;
}

/**
 * Goes to the bootnodes as a node of this genesis would, under a name that is made up: whom it reaches, and whether this
 * machine's clock is the validators'.
 */
export async function checkNetwork(genesis: BuiltGenesis, bootnodes: readonly string[]): Promise<readonly Finding[]> {
  const names = genesis.genesis.validators.map(({ publicKey }) => peerOf(publicKey));
  if (bootnodes.length === 0) {
    const isAlone = names.length === 1;
    const says = 'none are set: this node waits for others to dial it';
    return [
      { subject: 'bootnodes', state: isAlone ? 'ok' : 'warning', says: isAlone ? 'none, and none are needed' : says },
    ];
  }
  const { reached, failures, aheadMs } = await look(genesis, names, bootnodes);
  const why = [...failures].map(([subject, reason]) => `${subject}: ${reason}`).join('; ');
  const validators = names.filter((name) => reached.has(name)).length;
  const says = `${reached.size} nodes are within reach, ${validators} of ${names.length} validators of the genesis among them`;
  return [networkFinding(reached.size, says, why), clockFinding(aheadMs)];
}

function networkFinding(reached: number, says: string, why: string): Finding {
  const subject = 'bootnodes';
  if (reached === 0)
    return {
      subject,
      state: 'warning',
      says: `none is within reach, a node would go on trying: ${why || 'no answer'}`,
    };
  return why === '' ? { subject, state: 'ok', says } : { subject, state: 'warning', says: `${says}; but ${why}` };
}

function clockFinding(aheadMs: number | null): Finding {
  const subject = 'clock';
  if (aheadMs === null) {
    return { subject, state: 'warning', says: 'too few validators are within reach to compare it with theirs' };
  }
  if (aheadMs !== 0) return { subject, state: 'wrong', says: `${clockProblem(aheadMs)}: set it, as by NTP` };
  return { subject, state: 'ok', says: 'agrees with those of the validators' };
}

async function look(genesis: BuiltGenesis, names: readonly string[], bootnodes: readonly string[]): Promise<Sight> {
  const failures = new Map<string, string>();
  const transport = await dialler(genesis, bootnodes, failures);
  let aheadMs: number | null = null;
  const clocks = new PeerClocks({
    transport,
    clock: systemClock,
    scheduler: systemScheduler,
    validators: () => ({ others: names, count: names.length }),
    compared: (ahead) => {
      aheadMs = ahead;
    },
  });
  try {
    await transport.start();
    const endMs = performance.now() + DOCTOR_PATIENCE_MS;
    // Who is told of by a bootnode is dialled too: all validators is as much as there can be.
    const isSeen = (): boolean => aheadMs !== null && names.every((name) => transport.peers().includes(name));
    const isHopeless = (): boolean => failures.size >= bootnodes.length && transport.peers().length === 0;
    while (performance.now() < endMs && !isSeen() && !isHopeless()) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const reached = new Set(transport.peers());
    for (const { peerId } of transport.peerInfos()) forget(failures, peerId);
    return { reached, failures, aheadMs };
  } finally {
    clocks.stop();
    await transport.stop();
  }
}

/** It went wrong once and worked then. */
function forget(failures: Map<string, string>, peerId: string): void {
  for (const subject of failures.keys()) if (subject.endsWith(peerId)) failures.delete(subject);
}

async function dialler(
  { genesis: { validators }, write }: BuiltGenesis,
  bootnodes: readonly string[],
  failures: Map<string, string>,
): Promise<Libp2pTransport> {
  const keys = new Set(validators.map(({ publicKey }) => bytesToHex(publicKey)));
  return createLibp2pTransport({
    networkKey: (await newNetworkKey()).privateKey,
    identity: null,
    genesisHash: write.blockHash,
    validators: { has: (publicKey) => keys.has(bytesToHex(publicKey)) },
    listen: [],
    external: [],
    bootnodes,
    clock: systemClock,
    scheduler: systemScheduler,
    random: secureRandom,
    metrics: silentMetrics,
    observer: {
      ...silentObserver,
      handshakeFailed: (error) => failures.set(error.facts.peer, error.message),
      dialFailed: (address, error) => failures.set(address, errorMessage(error).replace(/^connection error .*?: /, '')),
    },
    limits: DEFAULT_LIMITS,
    peerFile: NO_PEER_FILE,
  });
}
