// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { Provider } from 'urql';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser, stubLayout } from '../lib/stubBrowser.ts';
import { PriorityEdit } from './PriorityEdit.tsx';

beforeAll(stubBrowser);
beforeAll(stubLayout);
afterEach(cleanup);

const RUN = { id: 'run-7', number: 7, priority: 0, viewerCanSetPriority: true };

it('sets the priority and gives the focus back to its button', async () => {
  const { client } = stubApi({
    PriorityEdit_Set: ({ input }) => ({
      setRunPriority: {
        __typename: 'SetRunPriorityPayload',
        run: { id: RUN.id, priority: (input as { priority: number }).priority },
      },
    }),
  });
  const onChanged = vi.fn<() => void>();
  render(
    <Provider value={client}>
      <MantineProvider>
        <PriorityEdit run={RUN} onChanged={onChanged} />
      </MantineProvider>
    </Provider>,
  );
  const button = screen.getByTestId('priority');
  button.focus();
  fireEvent.click(button);
  const box = await screen.findByLabelText('Higher goes first');
  await waitFor(() => expect(document.activeElement).toBe(box));
  fireEvent.change(box, { target: { value: '5' } });
  fireEvent.submit(box);
  await waitFor(() => expect(onChanged).toHaveBeenCalledOnce());
  await waitFor(() => expect(document.activeElement).toBe(button));
});
