import { expect, it } from 'vitest';
import {
  allSettings,
  groupSettings,
  isEqualEverywhere,
  settingName,
  settingText,
} from './settings.ts';

it('lays configurations side by side; what one lacks is null', () => {
  const settings = allSettings([
    { seed: 1, lora: { rank: 2 } },
    { seed: 1, batchSize: 8 },
  ]);
  expect(settings).toEqual([
    { path: 'seed', values: [1, 1] },
    { path: 'lora.rank', values: [2, null] },
    { path: 'batchSize', values: [null, 8] },
  ]);
  expect(settings.map(isEqualEverywhere)).toEqual([true, false, false]);
});

it('groups settings by the part they belong to', () => {
  const paths = [
    'datasetKey',
    'hyperparameters.seed',
    'hyperparameters.lora.rank',
    'advanced.optimizer_config.b1',
    'other.thing',
  ];
  const groups = groupSettings(paths.map((path) => ({ path, values: [] })));
  expect(groups.map(({ name, settings }) => [name, settings.map(settingName)])).toEqual([
    ['Run', ['datasetKey']],
    ['Training', ['seed']],
    ['LoRA', ['rank']],
    ['Advanced', ['optimizer_config.b1']],
    ['other', ['thing']],
  ]);
});

it.each([
  [null, '–'],
  [0, '0'],
  ['adamw', 'adamw'],
  [[1, 2], '[1,2]'],
  [false, 'false'],
])('writes %j as %s', (value, text) => {
  expect(settingText(value)).toBe(text);
});
