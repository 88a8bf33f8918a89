// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { Client, gql, Provider } from 'urql';
import { afterEach, expect, it, vi } from 'vitest';
import { usePageQuery } from './usePageQuery.ts';

vi.mock('./socket.ts', () => ({ onReconnect: () => () => undefined }));
afterEach(cleanup);

function Page() {
  const { data, loading } = usePageQuery<{ overview: string }, object>({
    query: gql('{ overview }'),
  });
  return <p>{data?.overview ?? (loading ? 'on its way' : 'nothing')}</p>;
}

it('waits for a question that has no variables', () => {
  const client = new Client({
    url: 'http://unused.invalid',
    preferGetMethod: false,
    exchanges: [],
  });
  vi.spyOn(client, 'executeQuery').mockImplementation(
    () => (() => undefined) as unknown as ReturnType<Client['executeQuery']>,
  );
  render(
    <Provider value={client}>
      <Page />
    </Provider>,
  );
  expect(screen.getByText('on its way')).toBeTruthy();
});
