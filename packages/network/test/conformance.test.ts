import { systemScheduler } from '@heddle/runtime';
import { describe, test } from '@jest/globals';
import { createMemoryHub, type Transport, transportConformance } from '../src/index.ts';

transportConformance('memory', { describe, test }, async () => {
  const hub = createMemoryHub({ scheduler: systemScheduler });
  const transports: Transport[] = [];
  return {
    transport: async (name, metrics) => {
      const transport = hub.transport(name, metrics);
      transports.push(transport);
      return transport;
    },
    close: async () => {
      for (const transport of transports) await transport.stop();
    },
  };
});
