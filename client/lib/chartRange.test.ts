import { expect, it } from 'vitest';
import { parseAxis, parseZoom, zoomWord } from './chartRange.ts';

it.each([
  ['10..50', { from: 10, to: 50 }],
  ['0..0.5', { from: 0, to: 0.5 }],
  ['50..10', undefined],
  ['10..', undefined],
  ['-1..3', undefined],
  [undefined, undefined],
])('reads the zoom %j', (text, zoom) => {
  expect(parseZoom(text)).toEqual(zoom);
});

it('writes a zoom that it can read, never before the start', () => {
  expect(zoomWord({ from: -0.2, to: 12.34567 })).toBe('0..12.346');
  expect(parseZoom(zoomWord({ from: 3, to: 40 }))).toEqual({ from: 3, to: 40 });
});

it.each([
  ['tokens', 'tokens'],
  ['wall', 'wall'],
  ['epoch', 'step'],
  [undefined, 'step'],
])('reads the axis %j', (text, axis) => {
  expect(parseAxis(text)).toBe(axis);
});
