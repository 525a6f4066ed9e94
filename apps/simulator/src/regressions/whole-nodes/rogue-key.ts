import { blsScheme, createVerificationContext, verifyCertificate } from '@heddle/consensus';
import { createDevnetGenesis } from '@heddle/node';
import {
  bigintToBytes,
  blsAggregate,
  blsProvePossession,
  blsPublicKey,
  blsSecretKeyFromSeed,
  blsSign,
  bytesToBigint,
  sha256,
  utf8ToBytes,
} from '@heddle/primitives';
import {
  bitmapOf,
  type Genesis,
  genesisToJson,
  hashValidators,
  parseGenesis,
  type SigningDomain,
  signingMessage,
  type TupleCertificate,
  type Validator,
  ZERO_HASH,
} from '@heddle/types';
import type { DirectedScenario } from '../../engine/scenario.ts';
import { expectThat } from '../../engine/violation.ts';

/** Order of the group of BLS12-381. */
const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
const VALIDATORS = 4;
const ATTACKER = 3;

/**
 * A public key chosen as the attacker's own minus the sum of everybody else's: under the sum of all keys the attacker's
 * signature alone is one of everybody. The arithmetic of certificates can't tell; only the proof of possession can,
 * which takes the secret key of the rogue key, and nobody knows that.
 */
export const rogueKey: DirectedScenario = {
  name: 'rogue-key',
  run: (seed) => {
    const { genesis, validatorSecretKeys } = createDevnetGenesis({
      chainId: 1n,
      shardCount: 1,
      validatorCount: VALIDATORS,
      accounts: [],
      balanceWei: 0n,
      blockTimeMs: 0,
      timestamp: 0n,
    });
    const own = blsSecretKeyFromSeed(sha256(utf8ToBytes(`attacker ${seed}`)));
    const publicKey = rogueKeyFor(own, validatorSecretKeys.slice(0, ATTACKER));
    expectThat(isFooled(genesis, publicKey, own), 'the forged certificate holds, so that there is something to stop');
    for (const [name, proofOfPossession] of proofsOf(genesis, publicKey, own)) {
      const isRefused = isGenesisRefused(withValidator(genesis, { publicKey, proofOfPossession }));
      expectThat(isRefused, `a rogue key with ${name} is refused`);
    }
    const honest = { publicKey: blsPublicKey(own), proofOfPossession: blsProvePossession(own) };
    expectThat(!isGenesisRefused(withValidator(genesis, honest)), 'the attacker’s own key, honestly proven, is taken');
  },
};

/**
 * The attacker adds up public keys; here the secret ones are at hand, which give the same key without the arithmetic of
 * the curve. The result is not used for signing.
 */
function rogueKeyFor(own: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const sum = others.reduce((total, key) => total + bytesToBigint(key), 0n);
  const rogue = (((bytesToBigint(own) - sum) % ORDER) + ORDER) % ORDER;
  return blsPublicKey(bigintToBytes(rogue, 32));
}

/** Whether a certificate that the attacker signed alone passes for one of all validators. */
function isFooled(genesis: Genesis, publicKey: Uint8Array, own: Uint8Array): boolean {
  const { validators } = withValidator(genesis, { publicKey, proofOfPossession: new Uint8Array() });
  const hash = hashValidators(validators);
  const domain: SigningDomain = { genesisHash: ZERO_HASH, chainId: 1n, epoch: 0n, validatorSetHash: hash };
  const tuple = {
    epoch: 0n,
    view: 1n,
    parentView: 0n,
    parentHash: ZERO_HASH,
    blockHash: ZERO_HASH,
    justificationRoot: ZERO_HASH,
  };
  const certificate: TupleCertificate = {
    kind: 'finalize',
    tuple,
    bitmap: bitmapOf([0, 1, 2, ATTACKER], VALIDATORS),
    aggregate: blsAggregate([blsSign(own, signingMessage(domain, { kind: 'finalize', tuple }))]),
  };
  return verifyCertificate(createVerificationContext(blsScheme, domain, { epoch: 0n, validators, hash }), certificate);
}

/** Everything that the attacker could show in the place of a proof. */
function proofsOf(
  genesis: Genesis,
  publicKey: Uint8Array,
  own: Uint8Array,
): readonly (readonly [string, Uint8Array])[] {
  const victims = genesis.validators.slice(0, ATTACKER).map(({ proofOfPossession }) => proofOfPossession);
  const infinity = new Uint8Array(96);
  infinity[0] = 0xc0;
  return [
    ['the proof for the attacker’s own key', blsProvePossession(own)],
    ['the attacker’s signature on the rogue key', blsAggregate([blsSign(own, publicKey)])],
    ['a proof of somebody else', victims[0] ?? infinity],
    ['no point at all', infinity],
  ];
}

function withValidator(genesis: Genesis, validator: Validator): Genesis {
  return { ...genesis, validators: [...genesis.validators.slice(0, ATTACKER), validator] };
}

function isGenesisRefused(genesis: Genesis): boolean {
  try {
    parseGenesis(JSON.parse(genesisToJson(genesis)));
    return false;
  } catch (error) {
    expectThat(error instanceof Error && /possession/i.test(error.message), `refused for its proof: ${String(error)}`);
    return true;
  }
}
