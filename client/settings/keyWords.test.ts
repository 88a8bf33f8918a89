import { expect, it } from 'vitest';
import { expiryWords, keyState, snippets } from './keyWords.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const BEFORE = '2026-03-01T11:59:59Z';
const AFTER = '2026-03-01T12:00:01Z';

it.each([
  [{ expiresAt: null, revokedAt: null }, 'good'],
  [{ expiresAt: AFTER, revokedAt: null }, 'good'],
  [{ expiresAt: BEFORE, revokedAt: null }, 'expired'],
  [{ expiresAt: AFTER, revokedAt: BEFORE }, 'revoked'],
])('says of %j that it is %s', (times, state) => {
  expect(keyState(times, NOW)).toBe(state);
});

it('says of a key without an end that it never expires', () => {
  expect(expiryWords({ expiresAt: null, revokedAt: null })).toBe('never');
});

it('puts address and secret into every example', () => {
  const all = snippets('https://rt.example.org', 'trt_k_secret', false);
  expect(all.map(({ name }) => name)).toEqual(['curl', 'Python', 'Command line']);
  for (const { text } of all) {
    expect(text).toContain('https://rt.example.org');
    expect(text).toContain('trt_k_secret');
  }
});

it('starts a runner with the key of a runner', () => {
  expect(snippets('https://rt.example.org', 'trt_r_secret', true)).toEqual([
    { name: 'Runner', text: 'RUNNER_TOKEN=trt_r_secret npm run runner' },
  ]);
});
