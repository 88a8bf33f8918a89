import { describe, expect, it } from 'vitest';
import { overlay, parseNumbers, placeCurve } from './overlay.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
const point = (step: number, value: number | null, seconds = 0) => ({
  step,
  value,
  at: at(seconds),
});

describe('overlay', () => {
  it('passes over steps a run has not, and leaves a gap where it has no number', () => {
    const a = [point(1, 3), point(2, null), point(4, 1)];
    const b = [point(2, 9), point(3, 8)];
    expect(overlay([placeCurve(a, 'step', []), placeCurve(b, 'step', [])])).toEqual([
      [1, 2, 3, 4],
      [3, null, undefined, 1],
      [undefined, 9, 8, undefined],
    ]);
  });

  it('counts the seconds of each run from its own first point', () => {
    const early = [point(1, 3, 0), point(2, 2, 5)];
    const late = [point(1, 4, 60), point(2, 1, 70)];
    expect(overlay([placeCurve(early, 'wall', []), placeCurve(late, 'wall', [])])).toEqual([
      [0, 5, 10],
      [3, 2, undefined],
      [4, undefined, 1],
    ]);
  });

  it('takes the tokens of each run from its own count', () => {
    const small = placeCurve([point(1, 3), point(2, 2)], 'tokens', [point(1, 50), point(2, 100)]);
    const large = placeCurve([point(1, 4)], 'tokens', [point(1, 100)]);
    expect(overlay([small, large])).toEqual([
      [50, 100],
      [3, 2],
      [undefined, 4],
    ]);
  });

  it('has nothing to draw without points', () => {
    expect(overlay([placeCurve([], 'wall', []), placeCurve([], 'tokens', [])])).toEqual([
      [],
      [],
      [],
    ]);
  });
});

it.each([
  ['142,145', [142, 145]],
  ['142,142,x,0,-3,1.5', [142]],
  [undefined, []],
  [Array.from({ length: 12 }, (_, index) => index + 1).join(','), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
])('reads the runs %j', (text, numbers) => {
  expect(parseNumbers(text)).toEqual(numbers);
});
