import { expect, it } from 'vitest';
import { initialsOf, scopeName } from './roles.ts';

it.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['  Grace  Brewster Hopper ', 'GH'],
  ['Élodie Ω', 'ÉΩ'],
])('shortens %j to %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

it('names scopes in plain words', () => {
  expect(scopeName('RUNS_WRITE')).toBe('runs: write');
  expect(scopeName('READ')).toBe('read');
});
