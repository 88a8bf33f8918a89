import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SETTINGS } from './settings.ts';
import { SETTINGS_GUIDE, settingsGuide } from './settingsGuide.ts';

test('the guide to the settings is printed from them (npm run docs)', () => {
  expect(readFileSync(SETTINGS_GUIDE, 'utf8')).toBe(settingsGuide());
});

test('every setting says what it is for', () => {
  const silent = Object.values(SETTINGS)
    .flatMap((group) => Object.entries(group))
    .filter(([, schema]) => !schema.description)
    .map(([name]) => name);
  expect(silent).toEqual([]);
});
