// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { type Client, gql, Provider, type TypedDocumentNode } from 'urql';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { PagedRows } from './PagedRows.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

type Data = {
  runs: {
    pageInfo: { hasNextPage: boolean; endCursor: string };
    edges: { node: { name: string } }[];
  };
};

const query: TypedDocumentNode<Data, { after: string | null }> = gql`
  query Runs($after: String) { runs(after: $after) { edges { node { name } } } }
`;

const page = (name: string, hasNextPage: boolean): Data => ({
  runs: { pageInfo: { hasNextPage, endCursor: name }, edges: [{ node: { name } }] },
});

function draw(client: Client) {
  render(
    <Provider value={client}>
      <MantineProvider>
        <table>
          <PagedRows query={query} variables={{}} pageOf={(data) => data.runs}>
            {(nodes) => (
              <tbody>
                {nodes.map(({ name }) => (
                  <tr key={name}>
                    <td>{name}</td>
                  </tr>
                ))}
              </tbody>
            )}
          </PagedRows>
        </table>
      </MantineProvider>
    </Provider>,
  );
}

it('gives the first new row the focus of the button that asked for more', async () => {
  const { client } = stubApi({
    Runs: ({ after }) => page(after === null ? 'first' : 'second', after === null),
  });
  draw(client);
  const more = await screen.findByTestId('load-more');
  more.focus();
  fireEvent.click(more);
  const row = (await screen.findByText('second')).closest('tr');
  await waitFor(() => expect(document.activeElement).toBe(row));
});

it('leaves the focus alone when the list comes by itself', async () => {
  draw(stubApi({ Runs: () => page('first', false) }).client);
  await screen.findByText('first');
  expect(document.activeElement).toBe(document.body);
});

it('keeps the rows that are there when more cannot be read, and reads them again', async () => {
  let isDown = true;
  const { client } = stubApi({
    Runs: ({ after }) =>
      after === null ? page('first', true) : isDown ? new Error('cut') : page('second', false),
  });
  draw(client);
  const more = await screen.findByTestId('load-more');
  more.focus();
  fireEvent.click(more);
  expect((await screen.findByTestId('error-notice')).textContent).toContain(
    'The server does not answer.',
  );
  expect(screen.getByText('first')).toBeTruthy();
  expect(document.activeElement?.textContent).toContain('The server does not answer.');
  isDown = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('second')).toBeTruthy();
  expect(screen.queryByTestId('error-notice')).toBeNull();
});
