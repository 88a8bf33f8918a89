import { expect, it } from 'vitest';
import { groupVersions } from './groupVersions.ts';

const row = (key: string) => {
  const [name = '', version = ''] = key.split('@');
  return { name, version };
};

it('puts versions under their newest, in the order of the newest', () => {
  const groups = groupVersions(['b@2', 'a@3', 'b@1', 'a@2', 'c@1'].map(row));
  expect(groups.map((group) => group.map(({ name, version }) => name + version))).toEqual([
    ['b2', 'b1'],
    ['a3', 'a2'],
    ['c1'],
  ]);
});
