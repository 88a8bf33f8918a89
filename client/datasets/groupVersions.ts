/**
 * Puts versions of one name together, each name where its first version stands, so that a list
 * that is newest first stays newest first.
 */
export function groupVersions<Row extends { name: string }>(
  rows: readonly Row[],
): readonly (readonly [newest: Row, ...older: Row[]])[] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const group = groups.get(row.name);
    if (group) group.push(row);
    else groups.set(row.name, [row]);
  }
  return [...groups.values()];
}
