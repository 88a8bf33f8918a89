import { describe, expect, test } from 'vitest';
import { EXAMPLES } from '../api/examples.ts';
import { type LoopState, stepsFor, stepsOf } from './steps.ts';

const EMPTY: LoopState = {
  ...{ traceCount: 0, datasetCount: 0, runCount: 0, evaluationCount: 0, baselineCount: 0 },
  ...{ checkCount: 0, followedFromNotebook: false, hasStarted: false },
  ...{ newestRun: undefined, gpu: undefined },
};

const done = (state: Partial<LoopState>) =>
  stepsOf({ ...EMPTY, ...state })
    .filter((step) => step.done)
    .map(({ name }) => name);

describe('the checklist', () => {
  test('has nothing done at first, and an example by the API for each step of the loop', () => {
    expect(done({})).toEqual([]);
    const known = EXAMPLES.map(({ id }) => id);
    const asked = stepsOf(EMPTY).flatMap(({ example }) => example ?? []);
    expect(asked).toEqual(known);
  });

  test.for([
    [{ traceCount: 1 }, 'Import traces'],
    [{ datasetCount: 1 }, 'Build a dataset'],
    [{ runCount: 1 }, 'Start the one-minute run'],
    [{ hasStarted: true }, 'Watch its log and loss'],
    [{ evaluationCount: 1 }, 'Evaluate it'],
    [{ baselineCount: 1 }, 'Set a baseline'],
    [{ checkCount: 1 }, 'Run the gate'],
    [{ followedFromNotebook: true }, 'Follow it from the notebook'],
    [{ gpu: 'h200-1' }, 'Connect a GPU runner'],
  ] as const)('%j ticks "%s"', ([state, name]) => {
    expect(done(state)).toEqual([name]);
  });

  test('asks only for what the viewer may do, and nothing of who may only look', () => {
    expect(stepsFor(EMPTY, undefined)).toEqual(stepsOf(EMPTY));
    expect(stepsFor(EMPTY, new Set(['READ']))).toEqual([]);
    const names = stepsFor(EMPTY, new Set(['READ', 'RUNS_WRITE'])).map(({ name }) => name);
    expect(names).toContain('Start the one-minute run');
    expect(names).toContain('Watch its log and loss');
    expect(names).not.toContain('Import traces');
    expect(names).not.toContain('Connect a GPU runner');
  });

  test('leads to the log of the newest run, and names the device that came', () => {
    const steps = stepsOf({ ...EMPTY, newestRun: 7, gpu: 'h200-1, 2 × H200' });
    expect(steps.find(({ example }) => example === 'follow')?.to).toBe('/runs/7?tab=logs');
    expect(steps.at(-1)?.note).toBe('Connected: h200-1, 2 × H200');
  });
});
