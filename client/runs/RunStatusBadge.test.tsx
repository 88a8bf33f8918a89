// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, test } from 'vitest';
import type { RunStatus } from '../gql/graphql.ts';
import type { FragmentType } from '../gql/index.ts';
import { isFinal, RunStatusBadge } from './RunStatusBadge.tsx';

afterEach(cleanup);

type Badge = Parameters<typeof RunStatusBadge>[0]['run'];

const show = (status: RunStatus, cancelRequestedAt: string | null = null) => {
  const run = { id: 'r', status, error: null, cancelRequestedAt } as unknown as Badge &
    FragmentType<never>;
  render(<RunStatusBadge run={run} />);
  return screen.getByTestId('run-status');
};

test.each([
  ['PENDING', 'Queued'],
  ['RUNNING', 'Running'],
  ['COMPLETED', 'Completed'],
  ['FAILED', 'Failed'],
  ['TIMEOUT', 'Timed out'],
  ['CANCELLED', 'Cancelled'],
] as const)('says %s in words and with a sign, not by colour alone', (status, words) => {
  const badge = show(status);
  expect(badge.textContent).toBe(words);
  expect(badge.querySelector('svg')).not.toBeNull();
});

it('says that a running run was asked to stop, and keeps its status', () => {
  const badge = show('RUNNING', '2026-01-01T00:00:00.000Z');
  expect(badge.textContent).toBe('Stopping');
  expect(badge.dataset.status).toBe('RUNNING');
});

it('forgets the request when the run has ended', () => {
  expect(show('CANCELLED', '2026-01-01T00:00:00.000Z').textContent).toBe('Cancelled');
});

it('knows which states are the last', () => {
  expect((['PENDING', 'RUNNING'] as const).map(isFinal)).toEqual([false, false]);
  expect((['COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED'] as const).every(isFinal)).toBe(true);
});
