import type { ValidatorStorage } from '@heddle/storage';
import { ValidatorNode, type ValidatorNodeOptions } from './validator-node.ts';

/** What one validator runs on: another network, disk, clock or processor is another argument. */
export interface ValidatorOptions extends Omit<ValidatorNodeOptions, 'storage'> {
  /** Opens all that it keeps; closed with the validator. */
  openStorage(): Promise<ValidatorStorage>;
}

/** A validator and its storage, which nobody else has open. */
export interface OpenValidator {
  readonly node: ValidatorNode;
  readonly storage: ValidatorStorage;
  /** In order: it leaves the network, what is being written is written, the storage is closed. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens one validator, whatever process it is in: alone, with the others of a devnet, or simulated. It is not started, so
 * that whoever wants to hear of its blocks can say so first. Throws what `openStorage` throws.
 */
export async function openValidator({ openStorage, ...options }: ValidatorOptions): Promise<OpenValidator> {
  const storage = await openStorage();
  const node = await storageClosedOnError(storage, () => new ValidatorNode({ ...options, storage }));
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await node.stop();
    await storage.close();
  };
  return {
    node,
    storage,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function storageClosedOnError<T>(storage: ValidatorStorage, run: () => T): Promise<T> {
  try {
    return run();
  } catch (error) {
    await storage.close();
    throw error;
  }
}
