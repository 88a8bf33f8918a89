// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { Client, gql, Provider } from 'urql';
import { afterEach, expect, it, vi } from 'vitest';
import { stubApi } from './stubApi.ts';
import { usePageQuery, usePartQuery } from './usePageQuery.ts';

const reconnect = vi.hoisted(() => new Set<() => void>());
vi.mock('./socket.ts', () => ({
  onReconnect: (listener: () => void) => {
    reconnect.add(listener);
    return () => reconnect.delete(listener);
  },
}));
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

function Part() {
  const { data, error } = usePartQuery<{ overview: string }, object>({
    query: gql('query Part { overview }'),
  });
  return <p>{error ? `failed: ${error.message}` : (data?.overview ?? 'on its way')}</p>;
}

const comeBack = () =>
  act(async () => {
    for (const listener of reconnect) listener();
  });

it('gives a part its error, reads again after a reconnect, and keeps what is there', async () => {
  let isDown = true;
  const { client } = stubApi({
    Part: () => (isDown ? new Error('cut') : { overview: 'all is well' }),
  });
  render(
    <Provider value={client}>
      <Part />
    </Provider>,
  );
  expect(await screen.findByText(/^failed: .*cut/)).toBeTruthy();
  isDown = false;
  await comeBack();
  expect(await screen.findByText('all is well')).toBeTruthy();
  isDown = true;
  await comeBack();
  expect(screen.getByText('all is well')).toBeTruthy();
});
