// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { Status } from './RunCells.tsx';
import type { RunRow } from './runRows.ts';

beforeAll(stubBrowser);
afterEach(cleanup);

const check = (verdict: string, createdAt: string) => ({
  id: `check-${verdict}`,
  verdict,
  createdAt,
  baseline: { id: 'b', name: 'main' },
});

const draw = (checks: (object | null)[]) =>
  drawAt(
    '/runs',
    stubApi({}),
    <Status
      run={
        {
          status: 'COMPLETED',
          error: null,
          cancelRequestedAt: null,
          evaluations: checks.map((latestCheck) => ({ latestCheck })),
        } as unknown as RunRow
      }
    />,
  );

it('says beside the status what a gate said last, and leads there', async () => {
  await draw([
    null,
    check('PASS', '2026-03-01T10:00:00.000Z'),
    check('REGRESSED', '2026-03-02T10:00:00.000Z'),
  ]);
  const link = await screen.findByRole<HTMLAnchorElement>('link', {
    name: /Gate:\s*Regressed/,
  });
  expect(link.pathname + link.search).toBe('/baselines/main?check=check-REGRESSED');
  expect(screen.getByTestId('run-gate').title).toBe('Gate main: Regressed');
});

it('says nothing of a gate that was not asked', async () => {
  await draw([null]);
  expect(await screen.findByText('Completed')).toBeTruthy();
  expect(screen.queryByTestId('run-gate')).toBeNull();
});
