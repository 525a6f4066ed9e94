import type { SimulateRefusal } from './types.ts';

/** Error codes of execution-apis, as far as something here has them. */
export const REFUSAL = {
  nonceTooLow: -38_010,
  nonceTooHigh: -38_011,
  feeTooLow: -38_012,
  intrinsicGas: -38_013,
  insufficientFunds: -38_014,
  blockGasLimit: -38_015,
  blockNumber: -38_020,
  blockTime: -38_021,
  initCodeSize: -38_025,
  limit: -38_026,
} as const;

/** Ends a simulation with what the client is told. Never leaves this folder. */
export class RefusedSimulation extends Error {
  readonly refusal: SimulateRefusal;

  constructor(code: (typeof REFUSAL)[keyof typeof REFUSAL], reason: string) {
    super(reason);
    this.refusal = { code, reason };
  }
}
