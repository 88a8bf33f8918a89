/** Files by their paths as a tree: folders first, each with what is below it added up. */
type File = { id: string; path: string; size: string; available: boolean };

export type Folder<T extends File> = {
  name: string;
  path: string;
  folders: Folder<T>[];
  files: { name: string; file: T }[];
  /** Bytes of every file below. */
  size: number;
  /** Files below. */
  count: number;
  /** How many of them can still be downloaded. */
  available: number;
};

const byName = <Named extends { name: string }>(a: Named, b: Named) =>
  a.name.localeCompare(b.name, 'en', { numeric: true });

const folder = <T extends File>(name: string, path: string): Folder<T> => ({
  name,
  path,
  folders: [],
  files: [],
  size: 0,
  count: 0,
  available: 0,
});

/** The root holds everything; its name and path are empty. */
export function artifactTree<T extends File>(files: readonly T[]): Folder<T> {
  const root = folder<T>('', '');
  for (const file of files) {
    const parts = file.path.split('/');
    const name = parts.pop() ?? file.path;
    let at = root;
    const above = [root];
    for (const part of parts) {
      const path = at.path ? `${at.path}/${part}` : part;
      let next = at.folders.find((known) => known.name === part);
      if (!next) {
        next = folder<T>(part, path);
        at.folders.push(next);
      }
      at = next;
      above.push(at);
    }
    at.files.push({ name, file });
    for (const one of above) {
      one.size += Number(file.size);
      one.count += 1;
      one.available += file.available ? 1 : 0;
    }
  }
  sort(root);
  return root;
}

function sort<T extends File>(at: Folder<T>): void {
  at.folders.sort(byName);
  at.files.sort(byName);
  for (const one of at.folders) sort(one);
}

export type TreeRow<T extends File> =
  | { kind: 'folder'; depth: number; folder: Folder<T>; isOpen: boolean }
  | { kind: 'file'; depth: number; name: string; file: T };

/** The rows to show when these folders are open. */
export function treeRows<T extends File>(
  root: Folder<T>,
  isOpen: (folder: Folder<T>) => boolean,
  depth = 0,
): TreeRow<T>[] {
  return [
    ...root.folders.flatMap((one): TreeRow<T>[] => {
      const open = isOpen(one);
      const row: TreeRow<T> = { kind: 'folder', depth, folder: one, isOpen: open };
      return open ? [row, ...treeRows(one, isOpen, depth + 1)] : [row];
    }),
    ...root.files.map(({ name, file }): TreeRow<T> => ({ kind: 'file', depth, name, file })),
  ];
}

/**
 * The file that a link names. Every attempt may have written one of that path: without the attempt it
 * is that of the `picked` one, or else of the newest.
 */
export function namedFile<T extends { path: string; attempt: number }>(
  files: readonly T[],
  link: { path: string | undefined; attempt: number | undefined },
  picked: number | undefined,
): T | undefined {
  const same = files.filter(({ path }) => path === link.path);
  const of = (wanted: number | undefined) => same.find(({ attempt }) => attempt === wanted);
  if (link.attempt !== undefined) return of(link.attempt);
  return of(picked) ?? of(Math.max(...same.map(({ attempt }) => attempt)));
}
