/** A check as the API answers, to print. */
import type { GateCheck, GateSlice } from '../cli/gateCheck.ts';

export const slice: GateSlice = {
  by: 'SECTION',
  value: 'core',
  verdict: 'PASS',
  items: 50,
  baselineValue: 80,
  candidateValue: 78,
  delta: -2,
  worseCount: 3,
  betterCount: 2,
  pValue: 1,
  adjustedP: 1,
  floor: null,
};

export const check = (over: Partial<GateCheck> = {}): GateCheck => ({
  id: 'x',
  verdict: 'PASS',
  outcome: 'PASS',
  reasons: ['score fell from 70 to 65.'],
  test: 'MCNEMAR_EXACT',
  baselineValue: 70,
  candidateValue: 65,
  delta: -5,
  deltaPercent: -7.14,
  itemCount: 100,
  worseCount: 8,
  betterCount: 3,
  pValue: 0.2265625,
  interval: { low: -11, high: 1 },
  minDetectable: 9.3333333,
  slices: [slice],
  policy: { alpha: 0.05, onInconclusive: 'WARN' },
  createdAt: '2026-01-01T00:00:00.000Z',
  baseline: { name: 'main', revision: 3, metric: 'score' },
  evaluation: { id: 'e', judge: { ref: 'answer_correctness@1' }, run: { number: 12 } },
  ...over,
});

/** What must stay text in every format. */
export const HOSTILE = '<img src=x onerror="a()">\n|`*_[x](y) &amp; @all \u001b[31m\u0000\ud800 \'';
