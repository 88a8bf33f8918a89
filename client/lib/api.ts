import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import { cacheOptions } from './cache.ts';
import { CLIENT_HEADERS } from './identity.ts';
import { fetchPersisted, isMiss, withHash, withText } from './persisted.ts';
import { advance, type Resumable, resumable } from './resume.ts';
import { fetchSignedIn } from './session.ts';
import { subscribe } from './socket.ts';
import { noteUsed } from './used.ts';

export const createApi = () =>
  new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetch: fetchPersisted(fetchSignedIn),
    fetchOptions: { headers: CLIENT_HEADERS },
    exchanges: [
      mapExchange({
        onOperation: ({ kind, query, variables }) => {
          if (kind !== 'teardown') noteUsed(query, variables);
        },
      }),
      cacheExchange(cacheOptions),
      mapExchange({ onOperation: withHash }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => {
            let unsubscribe = () => {};
            const start = (payload: Resumable) => {
              unsubscribe = subscribe<Record<string, unknown>>(payload, {
                next: (result) => {
                  advance(payload, result.data);
                  sink.next(result);
                },
                error: (error) => {
                  const text = isMiss(error) ? withText(payload) : null;
                  if (text) start(text);
                  else sink.error(error);
                },
                complete: () => sink.complete(),
              });
            };
            const { query = '', variables, extensions } = request;
            start(resumable({ query, variables, extensions }));
            return { unsubscribe: () => unsubscribe() };
          },
        }),
      }),
    ],
  });
