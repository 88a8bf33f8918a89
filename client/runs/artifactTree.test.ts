import { expect, it } from 'vitest';
import { artifactTree, namedFile, treeRows } from './artifactTree.ts';

const file = (path: string, size = 10, available = true) => ({
  id: path,
  path,
  size: String(size),
  available,
});

const FILES = [
  file('config.json'),
  file('checkpoints/100/a', 5),
  file('checkpoints/20/a', 5, false),
  file('checkpoints/20/b', 7, false),
  file('export/model.safetensors', 100),
];

const names = (isOpen: (path: string) => boolean) =>
  treeRows(artifactTree(FILES), (folder) => isOpen(folder.path)).map(
    (row) => `${' '.repeat(row.depth)}${row.kind === 'folder' ? `${row.folder.name}/` : row.name}`,
  );

it('puts folders first and counts numbers as numbers', () => {
  expect(names(() => true)).toEqual([
    'checkpoints/',
    ' 20/',
    '  a',
    '  b',
    ' 100/',
    '  a',
    'export/',
    ' model.safetensors',
    'config.json',
  ]);
});

it('shows what is below open folders only', () => {
  expect(names((path) => path === 'checkpoints')).toEqual([
    'checkpoints/',
    ' 20/',
    ' 100/',
    'export/',
    'config.json',
  ]);
});

it('adds up what is below each folder', () => {
  const root = artifactTree(FILES);
  expect(root).toMatchObject({ size: 127, count: 5, available: 3 });
  expect(root.folders[0]).toMatchObject({ path: 'checkpoints', size: 17, count: 3, available: 1 });
});

it('is empty without files', () => {
  expect(artifactTree([])).toMatchObject({ folders: [], files: [], size: 0 });
});

it.each([
  ['the newest', { path: 'a', attempt: undefined }, undefined, 'a of 3'],
  ['that of the attempt it names', { path: 'a', attempt: 1 }, undefined, 'a of 1'],
  ['that of the attempt it names, whichever is picked', { path: 'a', attempt: 1 }, 2, 'a of 1'],
  ['that of the picked attempt', { path: 'a', attempt: undefined }, 2, 'a of 2'],
  ['the newest that is', { path: 'b', attempt: undefined }, 3, 'b of 1'],
  ['none of another attempt', { path: 'b', attempt: 3 }, undefined, undefined],
  ['none', { path: 'c', attempt: undefined }, undefined, undefined],
  ['none without a path', { path: undefined, attempt: undefined }, 1, undefined],
])('opens %s by the link %j', (_title, link, picked, id) => {
  const files = [
    ['a', 1],
    ['a', 3],
    ['a', 2],
    ['b', 1],
  ].map(([path, attempt]) => ({
    path: String(path),
    attempt: Number(attempt),
    id: `${path} of ${attempt}`,
  }));
  expect(namedFile(files, link, picked)?.id).toBe(id);
});
