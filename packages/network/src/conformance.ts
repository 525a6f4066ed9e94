import { directConformance } from './conformance/direct.ts';
import { gossipConformance } from './conformance/gossip.ts';
import type { ConformanceTestPrimitives, NetworkFactory } from './conformance/harness.ts';
import { lifecycleConformance } from './conformance/lifecycle.ts';
import { requestConformance } from './conformance/request.ts';

export type { ConformanceNetwork, ConformanceTestPrimitives, NetworkFactory } from './conformance/harness.ts';

/**
 * What every transport has to do, as tests: run it from the test file of an implementation. Real time, one network of
 * two to four peers a test; nothing in it knows how bytes travel.
 */
export function transportConformance(
  name: string,
  primitives: ConformanceTestPrimitives,
  factory: NetworkFactory,
): void {
  primitives.describe(`${name}: transport conformance`, () => {
    lifecycleConformance(primitives, factory);
    directConformance(primitives, factory);
    gossipConformance(primitives, factory);
    requestConformance(primitives, factory);
  });
}
