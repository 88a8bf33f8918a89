import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { themeSheet } from './themeVariables.ts';

const sources = globSync('**/*.{css,tsx}', {
  cwd: import.meta.dirname,
  exclude: ['dist/**', '**/*.test.tsx'],
}).map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'));

const all = (pattern: RegExp) =>
  new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name)));

const sheet = themeSheet();

test('every variable of the theme that a style names has a value', () => {
  const named = all(/var\((--(?:mantine|rt)-[\w-]+)\)/g);
  const local = all(/^\s*(--rt-[\w-]+):/gm);
  expect([...named].filter((name) => !local.has(name) && !sheet.includes(`${name}:`))).toEqual([]);
});

test('every colour that a component asks for is there', () => {
  const asked = all(/\bcolor="([a-z]+)"/g);
  expect([...asked].filter((name) => !sheet.includes(`--mantine-color-${name}-light:`))).toEqual(
    [],
  );
  expect(asked.size).toBeGreaterThan(1);
});

test('light and dark each have a body of their own', () => {
  expect(sheet).toMatch(/color-scheme="light"\]\{[^}]*--mantine-color-body: #fbfbfc/);
  expect(sheet).toMatch(/color-scheme="dark"\]\{[^}]*--mantine-color-body: #0f1116/);
});
