// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { ChecksTab } from './ChecksTab.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const check = (id: string) => ({
  node: {
    id,
    status: 'COMPLETED',
    modelId: null,
    maxTokens: null,
    maxChars: null,
    tokensChecked: false,
    tokensNote: null,
    error: null,
    createdAt: '2026-03-01T10:00:00.000Z',
    finishedAt: '2026-03-01T10:00:01.000Z',
    counts: [],
  },
});

const finding = (id: string, code: string, trace: string) => ({
  node: {
    id,
    code,
    severity: 'ERROR',
    position: 4,
    message: 'it is',
    trace: { id: trace, promptPreview: `prompt of ${trace}` },
    relatedTrace: null,
    evaluationItem: null,
    waiver: null,
    viewerCanWaive: false,
    viewerCanUnwaive: false,
  },
});

const api = (checks: object[]) =>
  stubApi({
    ChecksTab_Query: () => ({
      dataset: { id: 'd', key: 'math-v1', viewerCanCheck: false, checks: { edges: checks } },
      models: [],
    }),
    FindingRows_Query: ({ id }) => ({
      node: {
        __typename: 'DatasetCheck',
        id,
        findings: {
          totalCount: 2,
          pageInfo: { hasNextPage: false, endCursor: null },
          edges: [
            finding(`${id}-1`, 'EXACT_DUPLICATE', 'same'),
            finding(`${id}-2`, 'TOO_MANY_TOKENS', 'same'),
          ],
        },
      },
    }),
  });

const tick = async () => {
  for (const box of await screen.findAllByRole('checkbox')) fireEvent.click(box);
};
const exclude = () => screen.getByTestId<HTMLAnchorElement>('exclude-findings');

it('counts the items of the findings that are ticked, and leaves out each finding', async () => {
  await drawAt('/', api([check('c1')]), <ChecksTab datasetKey="math-v1" />);
  await tick();
  expect(exclude().textContent).toBe('Exclude 1 item from the next version');
  expect(decodeURIComponent(exclude().href)).toContain('exclude=c1-1,c1-2');
});

it('forgets what is ticked when another check is shown', async () => {
  const router = await drawAt(
    '/',
    api([check('c2'), check('c1')]),
    <ChecksTab datasetKey="math-v1" />,
  );
  await tick();
  expect(exclude().textContent).toContain('Exclude 1 item');
  await router.navigate({ to: '.', search: { check: 'c1' } as never });
  await vi.waitFor(() => expect(screen.queryByTestId('exclude-findings')).toBeNull());
});
