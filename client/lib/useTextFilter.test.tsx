// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import type { ChangeEvent } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useTextFilter } from './useTextFilter.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const typing = (value: string) => ({ currentTarget: { value } }) as ChangeEvent<HTMLInputElement>;

function setUp(url: string | undefined) {
  const sent: string[] = [];
  const hook = renderHook(
    (value: string | undefined) => useTextFilter(value, (t) => sent.push(t)),
    {
      initialProps: url,
    },
  );
  return {
    sent,
    text: () => hook.result.current.value,
    type: (value: string) => act(() => hook.result.current.onChange(typing(value))),
    pause: () =>
      act(() => {
        vi.advanceTimersByTime(300);
      }),
    follow: (value: string | undefined) => hook.rerender(value),
  };
}

it('asks once for a burst of keys', () => {
  const box = setUp(undefined);
  for (const text of ['a', 'ab', 'abc']) box.type(text);
  expect(box.text()).toBe('abc');
  expect(box.sent).toEqual([]);
  box.pause();
  expect(box.sent).toEqual(['abc']);
});

it('loses no key that is pressed while the URL still follows', () => {
  const box = setUp(undefined);
  box.type('ab');
  box.pause();
  box.type('abc');
  box.follow('ab');
  expect(box.text()).toBe('abc');
});

it('gives way to a change from outside', () => {
  const box = setUp('old');
  box.type('old and new');
  box.pause();
  box.follow('old and new');
  box.follow(undefined);
  box.follow('from the back button');
  expect(box.text()).toBe('from the back button');
});
