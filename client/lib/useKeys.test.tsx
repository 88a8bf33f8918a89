// @vitest-environment jsdom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { pressKey, useKeys } from './useKeys.ts';

afterEach(() => {
  cleanup();
  document.body.innerHTML = '';
});

const pressed: string[] = [];

function setUp(html = '') {
  pressed.length = 0;
  document.body.insertAdjacentHTML('beforeend', html);
  const press = (key: string) => () => void pressed.push(key);
  renderHook(() =>
    useKeys({ j: press('j'), '?': press('?'), Enter: press('Enter'), ' ': press('space') }),
  );
}

function press(key: string, at = 'body', held: KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held });
  document.querySelector(at)?.dispatchEvent(event);
  return event;
}

it('answers to what a key writes, however it is typed', () => {
  setUp();
  expect(press('j').defaultPrevented).toBe(true);
  press('J', 'body', { shiftKey: true });
  press('?', 'body', { shiftKey: true });
  expect(press('q').defaultPrevented).toBe(false);
  expect(pressed).toEqual(['j', 'j', '?']);
});

it.each(['ctrlKey', 'metaKey', 'altKey'] as const)('leaves %s to the browser', (held) => {
  setUp();
  press('j', 'body', { [held]: true });
  expect(pressed).toEqual([]);
});

it('is silent while somebody types and while a dialog is open', () => {
  setUp('<input type="text"><textarea></textarea>');
  press('j', 'input');
  press('j', 'textarea');
  document.body.insertAdjacentHTML('beforeend', '<div role="dialog"></div>');
  press('j');
  expect(pressed).toEqual([]);
});

it('leaves Enter and space to what they activate, and other keys to the page', () => {
  setUp('<a href="/x">x</a><input type="checkbox">');
  press('Enter', 'a');
  press(' ', 'input');
  press('j', 'a');
  press('j', 'input');
  expect(pressed).toEqual(['j', 'j']);
});

it('gives a key to the page before what stands around every page, whoever came first', () => {
  pressed.length = 0;
  const listen = (name: string, isFallback: boolean) =>
    renderHook(() => useKeys({ '?': () => void pressed.push(name) }, isFallback));
  const page = listen('page', false);
  listen('around', true);
  press('?');
  page.unmount();
  press('?');
  expect(pressed).toEqual(['page', 'around']);
});

it('does what a key does on the page when something else asks for it', () => {
  setUp();
  pressKey('?');
  pressKey('q');
  expect(pressed).toEqual(['?']);
});
