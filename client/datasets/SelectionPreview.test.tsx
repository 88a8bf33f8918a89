// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { SelectionPreview } from './SelectionPreview.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const selection = {
  matching: 12,
  taken: 10,
  trainCount: 8,
  evalCount: 1,
  testCount: 1,
  stats: null,
  sample: [],
};

it('counts again when asked to after the server did not answer', async () => {
  let isDown = true;
  const api = stubApi({
    SelectionPreview_Query: () => (isDown ? new Error('cut') : { datasetSelection: selection }),
  });
  await drawAt('/datasets/new', api, <SelectionPreview input={{}} isPaused={false} />);
  expect((await screen.findByTestId('selection-problem')).textContent).toContain('does not answer');
  isDown = false;
  fireEvent.click(screen.getByText('Try again'));
  expect((await screen.findByTestId('selection-count')).textContent).toBe(
    '10 of 12 matching traces',
  );
});
