/** The files of several runs side by side, by path. Pure. */

type File = { path: string; kind: string; attempt: number; sha256: string };

/** The files of one path; null for a run that has none of it. */
export type ComparedFile<F extends File> = {
  path: string;
  kind: F['kind'];
  /** Of the newest attempt of each run that wrote it. */
  files: readonly (F | null)[];
};

/** What a reader looks for first. Checkpoints are many files each and stand in the page of a run. */
const KINDS = ['EXPORT', 'PREDICTIONS', 'CONFIG', 'DATA', 'EVENTS', 'LOG', 'OTHER'];

/** Every path that a run has, but for parts of checkpoints; by kind, then by path. */
export function comparedFiles<F extends File>(runs: readonly (readonly F[])[]): ComparedFile<F>[] {
  const newest = runs.map((files) => {
    const byPath = new Map<string, F>();
    for (const file of files) {
      const known = byPath.get(file.path);
      if (!known || known.attempt < file.attempt) byPath.set(file.path, file);
    }
    return byPath;
  });
  const kinds = new Map(
    newest.flatMap((files) => [...files.values()].map(({ path, kind }) => [path, kind])),
  );
  return [...kinds]
    .filter(([, kind]) => KINDS.includes(kind))
    .map(([path, kind]) => ({ path, kind, files: newest.map((of) => of.get(path) ?? null) }))
    .sort(
      (a, b) =>
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
        a.path.localeCompare(b.path, 'en', { numeric: true }),
    );
}

/** Whether every run has it, byte for byte. */
export const isSameFile = ({ files }: ComparedFile<File>): boolean =>
  files.every((file) => file !== null && file.sha256 === files[0]?.sha256);
