import { bytesToHex } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { stateNumber } from '../chain/resolve.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject } from '../json.ts';
import { MAX_PROOF_KEYS } from '../limits.ts';
import { LATEST, parseBlockId } from '../parse/block-id.ts';
import { parseList } from '../parse/fields.ts';
import { parseAddress, parseWord } from '../parse/hex.ts';
import { parseString } from '../parse/scalars.ts';
import type { AccountProof, ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';

/** Accounts and slots with what proves them (EIP-1186). */
export function proofMethods(chain: ChainReader): MethodTable {
  return {
    eth_getProof: method(3, async (params) => {
      const { proof, keys } = await prove(chain, params);
      return formatProof(proof, keys);
    }),
    shard_getProof: method(3, async (params) => {
      const { proof, keys, address, number } = await prove(chain, params);
      return { ...formatProof(proof, keys), ...(await formatPlace(chain, proof, address, number)) };
    }),
  };
}

interface Proven {
  readonly address: Address;
  readonly number: bigint;
  readonly proof: AccountProof;
  /** As the client wrote them: that is what it looks them up by. */
  readonly keys: readonly string[];
}

async function prove(chain: ChainReader, params: Params): Promise<Proven> {
  const address = params.required(0, parseAddress);
  const slots = params.required(1, (value) => parseList(value, MAX_PROOF_KEYS, parseWord));
  const keys = params.required(1, (value) => parseList(value, MAX_PROOF_KEYS, parseString));
  const number = await stateNumber(chain, params.optional(2, parseBlockId, LATEST));
  return { address, number, keys, proof: await chain.prove(address, slots, number) };
}

/** Exactly the members of the public schema, on any number of shards: the nodes lead up to the root of the account's shard. */
function formatProof(proof: AccountProof, keys: readonly string[]): JsonObject {
  return {
    address: proof.address,
    accountProof: proof.accountProof.map(bytesToHex),
    balance: quantity(proof.balance),
    codeHash: proof.codeHash,
    nonce: quantity(proof.nonce),
    storageHash: proof.storageRoot,
    storageProof: proof.storageProofs.map(({ value, proof: nodes }, index) => ({
      key: keys[index] ?? '0x',
      value: quantity(value),
      proof: nodes.map(bytesToHex),
    })),
  };
}

/** What leads from the shard's root to the block's header, and who else may have something to say about the address. */
async function formatPlace(
  chain: ChainReader,
  { shard, stateRoots }: AccountProof,
  address: Address,
  number: bigint,
): Promise<JsonObject> {
  const block = chain.headerByNumber(number);
  return {
    shard,
    home: chain.homeOf(address),
    stateRoots,
    blockNumber: quantity(number),
    blockHash: block?.hash ?? null,
    stateRoot: block?.header.stateRoot ?? null,
  };
}
