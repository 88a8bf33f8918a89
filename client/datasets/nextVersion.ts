/** `v1` → `v2`, `1.9` → `1.10`, `beta` → `beta-2`; passes over what is taken. */
export function nextVersion(version: string, taken: readonly string[]): string {
  const [, head = version, number] = /^(.*?)(\d+)(?!.*\d)$/.exec(version) ?? [];
  const stem = number === undefined ? `${version}-` : head;
  let next = number === undefined ? 2 : Number(number) + 1;
  while (taken.includes(stem + next)) next += 1;
  return stem + next;
}
