import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, fetchExchange, subscriptionExchange } from 'urql';
import { cacheOptions } from './cache.ts';
import { advance, resumable } from './resume.ts';
import { socket } from './socket.ts';

/** Says in the server's log who asks. */
export const CLIENT_HEADERS = { 'x-graphql-client-name': 'tunix-rt-ui' };

export const createApi = () =>
  new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: { headers: CLIENT_HEADERS },
    exchanges: [
      cacheExchange(cacheOptions),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => {
            const payload = resumable({ query: request.query ?? '', variables: request.variables });
            const unsubscribe = socket.subscribe<Record<string, unknown>, Record<string, unknown>>(
              payload,
              {
                next: (result) => {
                  advance(payload, result.data);
                  sink.next(result);
                },
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            );
            return { unsubscribe };
          },
        }),
      }),
    ],
  });
