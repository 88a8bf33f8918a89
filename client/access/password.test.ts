import { expect, it } from 'vitest';
import { passwordRules } from './password.ts';

const broken = (password: string, again: string, email = 'ada@example.org') =>
  passwordRules(password, again, email)
    .filter(({ isMet }) => !isMet)
    .map(({ text }) => text);

it('takes a long password that was typed twice', () => {
  expect(broken('correct horse', 'correct horse')).toEqual([]);
  expect(broken('💡'.repeat(10), '💡'.repeat(10))).toEqual([]);
});

it('says which rules do not hold', () => {
  expect(broken('', '')).toEqual(['10 to 128 characters', 'Not your email', 'Twice the same']);
  expect(broken('short', 'short')).toEqual(['10 to 128 characters']);
  expect(broken('x'.repeat(129), 'x'.repeat(129))).toEqual(['10 to 128 characters']);
  expect(broken('correct horse', 'correct house')).toEqual(['Twice the same']);
  expect(broken('ADA@example.org', 'ADA@example.org')).toEqual(['Not your email']);
});
