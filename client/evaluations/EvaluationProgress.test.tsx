// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Client, Provider } from 'urql';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { EvaluationProgress } from './EvaluationProgress.tsx';

beforeAll(() => {
  // The component library asks for the colour scheme; jsdom knows no media.
  vi.stubGlobal('matchMedia', () => Object.assign(new EventTarget(), { matches: false }));
});
afterEach(cleanup);

const over = {
  id: 'e',
  status: 'COMPLETED',
  itemCount: 40,
  judgedCount: 40,
  failedCount: 0,
  viewerCanCancel: false,
  viewerCanResume: false,
};

/** Draws it with a client whose mutations are kept and never answered. */
function draw(change: Partial<typeof over>) {
  const asked: unknown[] = [];
  const client = new Client({
    url: 'http://unused.invalid',
    preferGetMethod: false,
    exchanges: [],
  });
  vi.spyOn(client, 'executeMutation').mockImplementation(({ variables }) => {
    asked.push(variables);
    return (() => undefined) as unknown as ReturnType<Client['executeMutation']>;
  });
  const evaluation = { ...over, ...change } as unknown as Parameters<
    typeof EvaluationProgress
  >[0]['evaluation'];
  render(
    <Provider value={client}>
      <MantineProvider>
        <EvaluationProgress evaluation={evaluation} />
      </MantineProvider>
    </Provider>,
  );
  return { asked };
}

it('says how far the judge is and can be cancelled', () => {
  const { asked } = draw({
    status: 'RUNNING',
    judgedCount: 10,
    failedCount: 2,
    viewerCanCancel: true,
  });
  expect(screen.getByRole('status').textContent).toBe('10 of 40 judged, 2 could not be judged');
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
  fireEvent.click(screen.getByTestId('cancel-evaluation'));
  expect(asked).toEqual([{ id: 'e' }]);
});

it('offers to go on with what failed', () => {
  draw({ failedCount: 3, viewerCanResume: true });
  expect(screen.getByTestId('resume-evaluation')).toBeTruthy();
  expect(screen.queryByRole('progressbar')).toBeNull();
});

it('shows nothing once all is judged', () => {
  draw({});
  expect(screen.queryByTestId('evaluation-progress')).toBeNull();
});
