/** What messages between validators take beside their own time, milliseconds: `ms`, and up to `jitterMs` more. */
export interface NetworkLatency {
  readonly ms: number;
  readonly jitterMs: number;
  /** Directions that are another matter. */
  readonly links: readonly {
    readonly from: number;
    readonly to: number;
    readonly ms: number;
    readonly jitterMs: number;
  }[];
}

/** What is wrong with a devnet on purpose. Validators by their numbers. */
export interface FaultsInForce {
  readonly stopped: readonly number[];
  /** Null while nobody is cut off. */
  readonly partition: readonly (readonly number[])[] | null;
  /** Null while there is none. */
  readonly latency: NetworkLatency | null;
  readonly corrupted: readonly {
    readonly validator: number;
    readonly actor: string;
    /** How often it has done since what no honest validator does. */
    readonly misdeeds: number;
  }[];
}

/** Faults of the network and of validators. Throws or rejects with an RpcError where it can't be. */
export interface DevnetFaults {
  inForce(): FaultsInForce;
  /** Only validators of one group hear one another. Each stands in one group. */
  partition(groups: readonly (readonly number[])[]): void;
  /** Ends the partition; false when there was none. */
  heal(): boolean;
  /** From now on, in the place of what was set before. */
  setLatency(latency: NetworkLatency): void;
  /** Restarts the validator as what `actor` makes of it, or as an honest one; false when it is so already. */
  corrupt(index: number, actor: string | null): Promise<boolean>;
}
