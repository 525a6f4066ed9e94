import { keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import { compareDeliveryOrder } from '@heddle/sharding';
import type { Hash, Message, ShardId } from '@heddle/types';
import { calldataFloorGas, intrinsicGasOf } from '../../src/transaction/intrinsic-gas.ts';
import { LOCAL_CONTENTS, REMOTE_CONTENTS } from './contents.ts';
import { type Scene, sign } from './draft.ts';

const MOST_DELIVERIES = 6;
const BASE_FEE = 1_000_000_000n;

/** Messages of other shards to this one, as their chunks would have sent them. None with one shard. */
export function randomQueue(scene: Scene): readonly Message[] {
  const { random, arena } = scene;
  if (arena.shardCount === 1 || random.chance(30)) return [];
  const cursors = Array.from({ length: arena.shardCount }, () => 0n);
  const messages: Message[] = [];
  for (let i = random.below(MOST_DELIVERIES + 1); i > 0; i -= 1) {
    const source = (arena.shard + 1 + random.below(arena.shardCount - 1)) % arena.shardCount;
    const sequence = cursors[source] ?? 0n;
    cursors[source] = sequence + 1n;
    messages.push(randomMessage(scene, source, sequence));
  }
  return messages.sort(compareDeliveryOrder);
}

function randomMessage(scene: Scene, source: ShardId, sequence: bigint): Message {
  const { random, arena } = scene;
  const id = randomHash(scene);
  const place = { id, source, destination: arena.shard, sourceHeight: 3n, sequence, originTx: id } as const;
  const sender = random.pick(arena.foreigners);
  if (random.chance(50)) {
    // To who has sent a Call from here, with what it did not use.
    const target = scene.someHot().address;
    return { ...place, kind: 'credit', sender: sender.address, target, value: BigInt(random.below(10 ** 9)) };
  }
  return callMessage(scene, place);
}

/** A transaction of somebody else's shard to a target here, paid for at home. */
function callMessage(
  scene: Scene,
  place: Pick<Message, 'id' | 'source' | 'destination' | 'sourceHeight' | 'sequence' | 'originTx'>,
): Message {
  const { random, arena } = scene;
  const model = DELIVERABLE[random.pick(DELIVERED_KINDS)]?.(scene);
  const to = model?.fields.to ?? arena.pair;
  const wallet = random.pick(arena.foreigners);
  const nonce = random.below(1_000);
  // Some declare so much that they stay behind, or more comes after them than what they declare leaves room for.
  const declared = nonce % 2 === 0 ? 80n : 1n;
  const fields = {
    type: 2,
    chainId: 31_337n,
    nonce: BigInt(nonce),
    to,
    value: model?.fields.value ?? 0n,
    data: model?.fields.data ?? new Uint8Array(0),
    gasLimit: declared * (60_000n + BigInt(random.below(200_000))),
    maxFeePerGas: 20n * BASE_FEE,
    maxPriorityFeePerGas: BASE_FEE,
    accessList: [],
  } as const;
  const transaction = sign({ kind: 'delivered', wallet, fields });
  const intrinsic = intrinsicGasOf(fields);
  return {
    ...place,
    kind: 'call',
    sender: wallet.address,
    target: to,
    value: fields.value,
    transaction,
    feeTerms: { baseFeePerGas: BASE_FEE, effectiveGasPrice: BASE_FEE + BigInt(random.below(2)) * BASE_FEE },
    sourceGasUsed: BigInt(intrinsic),
    calldataFloorGas: BigInt(calldataFloorGas(fields.data)),
  };
}

const DELIVERABLE = { ...LOCAL_CONTENTS, ...REMOTE_CONTENTS };

/** Kinds whose target was at home on this shard when they were sent. */
const DELIVERED_KINDS = [
  'etherAmongHot',
  'counter',
  'coinbaseRead',
  'destroyToOther',
  'createByContract',
  'createSalted',
  'createRevived',
  'edge',
  'revert',
  'forward',
  'randomProgram',
  'coinbasePaidByContract',
  'callAbroad',
  'payAbroadByContract',
  'callRemoteContract',
  'destroyAbroad',
  'burnThenAbroad',
] as const;

function randomHash({ random }: Scene): Hash {
  return keccak256Hex(utf8ToBytes(`message ${random.next()} ${random.next()}`));
}
