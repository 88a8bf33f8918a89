// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { ArtifactsTab } from './ArtifactsTab.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const file = (attempt: number, path = 'config.json') => ({
  ...{ id: `${path} of ${attempt}`, attempt, kind: 'CONFIG', path, size: '10', sha256: 'ab' },
  ...{ url: `/artifacts/${attempt}`, available: true, deletedAt: null },
  createdAt: '2027-01-01T00:00:00.000Z',
});

async function open(
  url: string,
  options: {
    attempt?: number;
    files?: object[];
    models?: object[];
    preview?: () => string | Error;
  } = {},
) {
  const { attempt, files = [file(1), file(2)], models = [], preview } = options;
  const { client } = stubApi({
    ArtifactDrawer_Query: ({ id }) => {
      const text = preview ? preview() : `what ${String(id)} says`;
      if (text instanceof Error) return text;
      const shown = { __typename: 'TextPreview', text, truncated: false, mediaType: 'text/plain' };
      return { node: { __typename: 'Artifact', id, mediaType: 'text/plain', preview: shown } };
    },
  });
  const run = {
    ...{ id: 'run-1', number: 1, artifacts: files, checkpoints: [], viewerCanResume: false },
    trainedModels: models,
  } as unknown as Parameters<typeof ArtifactsTab>[0]['run'];
  return drawAt(url, { client }, <ArtifactsTab run={run} attempt={attempt} />);
}

it('opens the file of the attempt whose row was chosen, and names it in the URL', async () => {
  const router = await open('/');
  const rows = within(await screen.findByTestId('artifacts-table')).getAllByText('config.json');
  for (const [index, attempt] of [1, 2].entries()) {
    fireEvent.click(rows[index] as HTMLElement);
    expect(await screen.findByText(`what config.json of ${attempt} says`)).toBeTruthy();
    expect(router.state.location.search).toEqual({
      file: 'config.json',
      fileAttempt: `${attempt}`,
    });
  }
});

it.each([
  ['the newest attempt', '/?file=config.json', undefined, 2],
  ['the attempt that is picked', '/?file=config.json', 1, 1],
  ['the attempt it names', '/?file=config.json&fileAttempt=1', 2, 1],
])('opens the file of %s by the link %s', async (_title, url, attempt, shown) => {
  await open(url, attempt === undefined ? {} : { attempt });
  expect(await screen.findByText(`what config.json of ${shown} says`)).toBeTruthy();
});

it('keeps the list when a file cannot be shown, and tries again', async () => {
  let isDown = true;
  await open('/?file=config.json', { preview: () => (isDown ? new Error('cut') : 'it is here') });
  const drawer = await screen.findByTestId('artifact-drawer');
  expect(await within(drawer).findByTestId('error-notice')).toBeTruthy();
  expect(screen.getByTestId('artifacts-table')).toBeTruthy();
  isDown = false;
  fireEvent.click(within(drawer).getByText('Try again'));
  expect(await within(drawer).findByText('it is here')).toBeTruthy();
});

it('marks what would turn a name or a text around', async () => {
  const path = 'model\u202egnp.exe';
  await open(`/?file=${encodeURIComponent(path)}`, {
    files: [file(1, path)],
    preview: () => 'say \u202eelbat\u202c',
  });
  const drawer = await screen.findByTestId('artifact-drawer');
  await within(drawer).findByText(/^say/);
  const codes = (inside: Element) =>
    [...inside.querySelectorAll('[data-code]')].map((mark) => mark.getAttribute('data-code'));
  expect(codes(drawer)).toEqual(['U+202E', 'U+202E', 'U+202C']);
  const table = screen.getByTestId('artifacts-table');
  expect(codes(table)).toEqual(['U+202E']);
  expect(within(table).getByTitle('model[U+202E]gnp.exe')).toBeTruthy();
});

const model = (attempt: number, available: boolean) => ({
  ...{ attempt, available, url: `/export/runs/1/model.zip?attempt=${attempt}` },
});

it.each([
  ['the newest', undefined, [model(2, true), model(1, true)], 2],
  ['that of the attempt that is picked', 1, [model(2, true), model(1, true)], 1],
  ['none that was given up', undefined, [model(2, false), model(1, true)], undefined],
  ['none of an attempt that made none', 3, [model(2, true)], undefined],
  ['none where none was made', undefined, [], undefined],
])('offers the trained model as one file: %s', async (_title, attempt, models, offered) => {
  await open('/', {
    models,
    ...(attempt !== undefined && { attempt }),
    files: [file(attempt ?? 1)],
  });
  await screen.findByTestId('artifacts-table');
  const link = screen.queryByTestId('download-model')?.getAttribute('href');
  expect(link).toBe(offered && `/export/runs/1/model.zip?attempt=${offered}`);
});
