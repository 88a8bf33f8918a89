import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openSocketCaps } from './socketCaps.ts';

const from = (remoteAddress?: string) =>
  Object.assign(new EventEmitter(), { remoteAddress }) as Socket;

describe('the sockets of one address', () => {
  test('are as many as are allowed, and those of another are not counted with them', () => {
    const caps = openSocketCaps(2);
    expect([1, 2, 3].map(() => caps.admit(from('192.0.2.1')))).toEqual([true, true, false]);
    expect(caps.admit(from('192.0.2.2'))).toBe(true);
    expect([1, 2, 3].map(() => caps.admit(from()))).toEqual([true, true, false]);
  });

  test('make room when one closes, and a refused one makes none', () => {
    const caps = openSocketCaps(1);
    const [first, refused] = [from('192.0.2.1'), from('192.0.2.1')];
    expect(caps.admit(first)).toBe(true);
    expect(caps.admit(refused)).toBe(false);
    refused.emit('close');
    expect(caps.admit(from('192.0.2.1'))).toBe(false);
    first.emit('close');
    expect(caps.admit(from('192.0.2.1'))).toBe(true);
  });
});
