import { describe, expect, test } from 'vitest';
import { stuckAt } from './stuck.ts';

const NOW = Date.parse('2027-01-03T00:00:00Z');

const state = (stuck = {}, counts = {}) => ({
  datasetCount: 1,
  evaluationCount: 1,
  baselineCount: 1,
  ...counts,
  stuck: { newTraceCount: 0, unevaluatedRunCount: 0, uncheckedEvaluationCount: 0, ...stuck },
});

describe('the loop is stuck', () => {
  test('nowhere when every stage went on', () => {
    expect(stuckAt(state(), NOW)).toEqual({});
  });

  test('before datasets, at new traces, which are counted to a thousand', () => {
    expect(stuckAt(state({ newTraceCount: 1 }), NOW).datasets?.text).toBe(
      '1 new trace is in no dataset',
    );
    expect(stuckAt(state({ newTraceCount: 1000 }), NOW).datasets?.text).toBe(
      '1,000+ new traces are in no dataset',
    );
  });

  test('before runs, at a dataset, and leads to a run on it', () => {
    const untrainedDataset = { key: 'gsm8k-v4', createdAt: '2027-01-01T00:00:00Z' };
    expect(stuckAt(state({ untrainedDataset }), NOW).runs).toEqual({
      text: 'gsm8k-v4 built 2 d ago, never trained',
      to: '/runs/new?dataset=gsm8k-v4',
    });
  });

  test('before evaluations, at the newest run', () => {
    const unevaluatedRun = { number: 7 };
    expect(stuckAt(state({ unevaluatedRun, unevaluatedRunCount: 1 }), NOW).evaluations).toEqual({
      text: 'run 7 was never evaluated',
      to: '/runs/7',
    });
    expect(stuckAt(state({ unevaluatedRun, unevaluatedRunCount: 3 }), NOW).evaluations?.text).toBe(
      '3 runs never evaluated, the newest is 7',
    );
  });

  test('before baselines, where there is none or something came since the last check', () => {
    expect(stuckAt(state({}, { baselineCount: 0 }), NOW).baselines?.text).toBe(
      'no evaluation is a baseline yet',
    );
    expect(stuckAt(state({ uncheckedEvaluationCount: 2 }), NOW).baselines?.text).toBe(
      '2 evaluations since the last check',
    );
  });
});
