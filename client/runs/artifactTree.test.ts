import { expect, it } from 'vitest';
import { artifactTree, treeRows } from './artifactTree.ts';

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
