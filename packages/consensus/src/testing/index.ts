/**
 * What tests of consensus, the simulator's world of engines and benchmarks share: signatures without arithmetic, blocks
 * that only consensus looks at, and benches for one engine and one chunk protocol. No sources of a node import it.
 */
export { answerCheck } from './answers.ts';
export { GENESIS_HASH, hashBlock, makeBlock } from './blocks.ts';
export { ChunkBench } from './chunk-bench.ts';
export { CHUNK_SIGNATURE, chunkAt, endorsementCertificateOf, endorsementOf, hashOf, inTurn } from './chunks.ts';
export { EngineBench, engineConfigFor } from './engine-bench.ts';
export { hashScheme, hashSign } from './hash-scheme.ts';
export {
  describeMessage,
  type MessageName,
  nameOfMessage,
  only,
  recordNames,
  said,
  signRequests,
  viewOfMessage,
} from './names.ts';
export { Others } from './others.ts';
export { type Claim, signedProposal, unsignedProposal } from './proposals.ts';
export { SeededRandom } from './random.ts';
export { DOMAIN, EPOCH, HashSignatures, signDigest } from './signatures.ts';
export { verificationContext } from './verification.ts';
