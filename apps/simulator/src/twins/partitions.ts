/** Which group each node is in; groups are numbered in the order in which they first appear, from 0. */
export type Partition = readonly number[];

/** All ways to split `nodeCount` nodes into at most `maxGroups` groups that don't hear one another. */
export function allPartitions(nodeCount: number, maxGroups: number): readonly Partition[] {
  const found: Partition[] = [];
  const extend = (groups: readonly number[], used: number): void => {
    if (groups.length === nodeCount) {
      found.push(groups);
      return;
    }
    for (let group = 0; group <= used && group < maxGroups; group += 1) {
      extend([...groups, group], group === used ? used + 1 : used);
    }
  };
  extend([], 0);
  return found;
}

/** The same partition with nodes `a` and `b` in each other's place. */
export function swapped(partition: Partition, a: number, b: number): Partition {
  const place = (node: number): number => (node === a ? b : node === b ? a : node);
  return renumbered(partition.map((_, node) => partition[place(node)] ?? 0));
}

/** Groups numbered in the order of their first members. */
function renumbered(groups: readonly number[]): Partition {
  const names = new Map<number, number>();
  return groups.map((group) => {
    const name = names.get(group) ?? names.size;
    names.set(group, name);
    return name;
  });
}

/** Negative, zero, positive: an order of partitions of the same nodes. */
export function comparePartitions(a: Partition, b: Partition): number {
  const at = a.findIndex((group, node) => group !== b[node]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
