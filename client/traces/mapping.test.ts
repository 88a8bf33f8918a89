import { expect, it } from 'vitest';
import { missingOf, toMapping, withPart } from './mapping.ts';

it('sends nothing but what is chosen', () => {
  expect(toMapping({ prompt: 'question', finalAnswer: '', steps: null, meta: [] })).toEqual({
    prompt: 'question',
  });
  expect(toMapping({ prompt: undefined, meta: [] })).toBeUndefined();
  expect(toMapping({ meta: ['level'] })).toEqual({ meta: ['level'] });
});

it('says what is still to be chosen', () => {
  expect(missingOf({})).toBe('Choose the field of the prompt and the final answer.');
  expect(missingOf({ prompt: 'q' })).toBe('Choose the field of the final answer.');
  expect(missingOf({ prompt: 'q', finalAnswer: 'a' })).toBeUndefined();
});

it('takes a field out of the metadata when it becomes a part of the trace', () => {
  const draft = { prompt: 'q', meta: ['solution', 'level'] };
  expect(withPart(draft, 'steps', 'solution')).toEqual({
    prompt: 'q',
    steps: 'solution',
    meta: ['level'],
  });
  expect(toMapping(withPart(draft, 'prompt', null))).toEqual({ meta: ['solution', 'level'] });
});
