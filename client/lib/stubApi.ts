import { Client, type Exchange, fetchExchange, subscriptionExchange } from 'urql';

/** What a query is answered with: its data, or an `Error` for a server that does not answer. */
type Answer = (variables: Record<string, unknown>) => object | Error;

type Asked = { operationName: string; variables: Record<string, unknown> };

/**
 * An API whose answers a test gives, by the name of the operation; they may change as the test goes
 * on. `send` is news of a subscription to all who listen. `before` stands before the network, such as
 * the cache.
 */
export function stubApi(answers: Record<string, Answer>, before: Exchange[] = []) {
  const listeners = new Map<string, Set<(data: object) => void>>();
  const client = new Client({
    url: 'http://unused.invalid',
    preferGetMethod: false,
    exchanges: [
      ...before,
      subscriptionExchange({
        forwardSubscription: ({ query }) => ({
          subscribe: (sink) => {
            const name = /subscription (\w+)/.exec(query ?? '')?.[1] ?? '';
            const own = listeners.get(name) ?? new Set();
            const listener = (data: object) => sink.next({ data });
            listeners.set(name, own.add(listener));
            return { unsubscribe: () => own.delete(listener) };
          },
        }),
      }),
      fetchExchange,
    ],
    fetch: async (_url, init) => {
      const { operationName, variables } = JSON.parse(String(init?.body)) as Asked;
      const answer = answers[operationName]?.(variables) ?? new Error(`Unknown: ${operationName}`);
      if (answer instanceof Error) throw answer;
      return Response.json({ data: answer });
    },
  });
  const send = (name: string, data: object) => {
    for (const listener of listeners.get(name) ?? []) listener(data);
  };
  return { client, send };
}
