export { assert, ImpossibleStateError, unreachable } from './assert.ts';
export { blake2bCompress } from './blake2b/compress.ts';
export {
  BLS_AGGREGATE_BYTES,
  BLS_DST,
  BLS_PUBLIC_KEY_BYTES,
  BLS_SIGNATURE_BYTES,
  type BlsCheck,
  blsAggregate,
  blsProvePossession,
  blsPublicKey,
  blsSecretKeyFromSeed,
  blsSign,
  blsVerify,
  blsVerifyAggregate,
  blsVerifyAll,
  blsVerifyPossession,
  isBlsSignatureEncoding,
} from './bls.ts';
export { BoundedCache } from './bounded-cache.ts';
export {
  ADDRESS_BYTES,
  bigintToBytes,
  bytesToBigint,
  compareBytes,
  concatBytes,
  EMPTY_BYTES,
  equalBytes,
  HASH_BYTES,
  MAX_U64,
  MAX_U256,
  utf8ToBytes,
} from './bytes.ts';
export { crc32c } from './crc32c.ts';
export {
  BLS12_G1_BYTES,
  BLS12_G2_BYTES,
  BLS12_SCALAR_ORDER,
  bls12,
} from './curves/bls12.ts';
export { bn254 } from './curves/bn254.ts';
export { p256 } from './curves/p256.ts';
export {
  InvalidBlsSignatureError,
  InvalidHexError,
  InvalidPrivateKeyError,
  InvalidRlpError,
  InvalidSeedError,
} from './errors.ts';
export { HeddleError } from './heddle-error.ts';
export { bytesToHex, type Hex, hexToBytes, isHex } from './hex.ts';
export { isRecord } from './is-record.ts';
export { keccak256, keccak256Hex } from './keccak.ts';
export { MAX_RLP_DEPTH } from './limits.ts';
export { merkleRoot, merkleRootOfHashes } from './merkle.ts';
export { nearestName } from './nearest-name.ts';
export { rememberedBy } from './remember.ts';
export {
  decodeRlp,
  decodeUint,
  EncodedRlp,
  encodeRlp,
  encodeUint,
  keccak256OfRlp,
  type RlpInput,
  type RlpItem,
} from './rlp.ts';
export {
  decodeItem,
  FieldReader,
  isNullItem,
  NULL_ITEM,
  type Refusal,
  readList,
  writeAddress,
  writeFixed,
  writeHash,
  writeIndex,
  writeU64,
  writeU256,
  writeUpTo,
} from './rlp-fields.ts';
export {
  privateKeyToAddress,
  type RecoverableSignature,
  recoverAddress,
  SECP256K1_HALF_ORDER,
  SECP256K1_ORDER,
  secp256k1BackendName,
  signDigest,
} from './secp256k1.ts';
export { sha256 } from './sha256.ts';
export { withoutPauses } from './steps.ts';
