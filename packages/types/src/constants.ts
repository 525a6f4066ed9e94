import type { Address, Hash } from './ids.ts';

/** keccak256(rlp('')): the root of a trie without entries. Also `withdrawalsRoot` of an empty list. */
export const EMPTY_TRIE_ROOT: Hash = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';

/** keccak256 of no bytes: the code hash of an account without code. */
export const EMPTY_CODE_HASH: Hash = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';

/** keccak256(rlp([])): `ommersHash` since the merge (EIP-3675). */
export const EMPTY_OMMERS_HASH: Hash = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347';

/** SHA-256 of no bytes: `requestsHash` without requests (EIP-7685). */
export const EMPTY_REQUESTS_HASH: Hash = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const ZERO_ADDRESS: Address = '0x0000000000000000000000000000000000000000';

export const ZERO_HASH: Hash = '0x0000000000000000000000000000000000000000000000000000000000000000';

/** Bytes of a logs bloom. */
export const BLOOM_BYTES = 256;

/** The bloom of no logs. Shared: do not write to it. */
export const EMPTY_BLOOM: Uint8Array = new Uint8Array(BLOOM_BYTES);

/** Wei that a gas of blobs costs (EIP-7516, at excess 0): chunks carry none. */
export const BLOB_BASE_FEE = 1n;
