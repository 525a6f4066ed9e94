/** Streams of draws of one seed. */
export const STREAMS = {
  plan: 1n,
  network: 2n,
  users: 3n,
  scenario: 4n,
  actors: 5n,
  disks: 6n,
  wire: 7n,
  owner: 8n,
} as const;

/** Everything about a seed that is fixed before it starts. */
export interface SeedPlan {
  readonly seed: number;
  /** By its name. */
  readonly scenario: string;
  readonly validators: number;
  readonly shards: number;
  /** Whether chunks may send calls to other shards, which all go to the section otherwise. */
  readonly dispatch: boolean;
  /** Whether the genesis says devnet. */
  readonly devnet: boolean;
  readonly blockTimeMs: number;
  readonly maxIdleMs: number | null;
  /** D, ms; null = a devnet's. */
  readonly chunkDeadlineMs: number | null;
  /** Blocks of an epoch. */
  readonly epochLength: bigint;
  /** Machines whose keys are not in the set of epoch 0. */
  readonly spares: number;
  /** BLS12-381 in the place of hashes. */
  readonly realSignatures: boolean;
  /** Whether the devnet's owner submits control operations. */
  readonly owner: boolean;
}
