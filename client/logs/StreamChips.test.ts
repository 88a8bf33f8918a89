import { expect, it } from 'vitest';
import { formatStreams, parseStreams } from './StreamChips.tsx';

it.each([
  [undefined, undefined],
  ['', undefined],
  ['nonsense', undefined],
  ['stderr', ['STDERR']],
  ['system,stdout', ['STDOUT', 'SYSTEM']],
  ['stdout,stderr,system', undefined],
])('%j names %j', (text, streams) => {
  expect(parseStreams(text)).toEqual(streams);
});

it('is not in the URL when all or none are chosen', () => {
  expect(formatStreams(['STDERR', 'SYSTEM'])).toBe('stderr,system');
  expect(formatStreams(['STDOUT', 'STDERR', 'SYSTEM'])).toBeUndefined();
  expect(formatStreams([])).toBeUndefined();
});
