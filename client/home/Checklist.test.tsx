// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Checklist } from './Checklist.tsx';
import type { LoopState } from './steps.ts';

const EMPTY: LoopState = {
  ...{ traceCount: 0, datasetCount: 0, runCount: 0, evaluationCount: 0, baselineCount: 0 },
  ...{ checkCount: 0, followedFromNotebook: false, hasStarted: false },
  ...{ newestRun: undefined, gpu: undefined },
};

it('is not drawn even once where it was dismissed before', () => {
  localStorage.setItem('tunix-rt-checklist-dismissed', 'true');
  expect(renderToStaticMarkup(<Checklist state={EMPTY} />)).toBe('');
});
