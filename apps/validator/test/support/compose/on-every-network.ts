import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Network, networkKinds, type Outcome } from './network.ts';

/**
 * Declares a suite once for each network: the same flows, by the same users, on what `setUp` made there. At the end every
 * receipt has to say what it said on the first network, Ethereum: status, gas used, created address and logs.
 */
export function onEveryNetwork<World>(
  setUp: (net: Network) => Promise<World>,
  flows: (world: () => World) => void,
): void {
  let reference: readonly Outcome[] | null = null;
  describe.each(networkKinds())('on $name', (kind) => {
    let net: Network | null = null;
    let worlds: readonly World[] = [];

    beforeAll(async () => {
      net = await Network.open(kind);
      worlds = [await setUp(net)];
    });

    afterAll(() => net?.close());

    flows(() => {
      const [world] = worlds;
      if (world === undefined) throw new Error(`${kind.name} has not been set up`);
      return world;
    });

    test('every receipt is the one of Ethereum', () => {
      if (net === null) throw new Error(`${kind.name} is not open`);
      expect(net.outcomes.length).toBeGreaterThan(0);
      reference ??= net.outcomes;
      expect(net.outcomes).toEqual(reference);
    });
  });
}
