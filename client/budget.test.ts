import { expect, test } from 'vitest';
import { firstFiles, type Manifest } from './budget.ts';

const manifest: Manifest = {
  'index.html': { file: 'index.js', css: ['index.css'], imports: ['_shared.js'], isEntry: true },
  '_shared.js': { file: 'shared.js' },
  'home/HomePage.tsx': {
    file: 'home.js',
    css: ['home.css'],
    imports: ['_shared.js', 'index.html'],
  },
  'runs/RunPage.tsx': { file: 'run.js', css: ['run.css'] },
};

test('the first page is entry and Home with what they import, each once, and no other page', () => {
  expect(firstFiles(manifest).toSorted()).toEqual([
    'home.css',
    'home.js',
    'index.css',
    'index.js',
    'shared.js',
  ]);
});

test('Home that is part of the entry is counted with it', () => {
  const { 'home/HomePage.tsx': _, ...rest } = manifest;
  expect(firstFiles(rest).toSorted()).toEqual(['index.css', 'index.js', 'shared.js']);
});

test('a manifest without an entry is refused', () => {
  expect(() => firstFiles({ '_shared.js': { file: 'shared.js' } })).toThrow('No entry');
});
