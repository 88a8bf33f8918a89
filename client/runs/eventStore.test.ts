import { expect, it } from 'vitest';
import { EventStore } from './eventStore.ts';

const event = (seq: string) => ({
  seq,
  attempt: 1,
  kind: 'PROGRESS' as const,
  data: {},
  at: '2026-01-01T00:00:00.000Z',
});

it('keeps each event once, in order of its number and not of its text', () => {
  const store = new EventStore();
  expect(['9', '10', '2', '10'].map((seq) => store.add(event(seq)))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(store.snapshot().map(({ seq }) => seq)).toEqual(['2', '9', '10']);
});

it('gives the same snapshot until something new comes', () => {
  const store = new EventStore();
  store.add(event('1'));
  const before = store.snapshot();
  store.add(event('1'));
  expect(store.snapshot()).toBe(before);
});
