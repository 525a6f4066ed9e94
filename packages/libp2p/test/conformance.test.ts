import { transportConformance } from '@heddle/network';
import { describe, test } from '@jest/globals';
import { TestNetwork } from './support/network.ts';

transportConformance('libp2p', { describe, test }, async () => {
  const network = new TestNetwork();
  return {
    transport: (name, metrics) => network.transport(name, metrics),
    close: () => network.close(),
  };
});
