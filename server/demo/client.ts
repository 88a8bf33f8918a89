/** A GraphQL client like any other: the demo and the command line obey the API's rules. */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export type Client = ReturnType<typeof openClient>;

const NAME = 'tunix-rt-demo';

/** Opens a client for the system at `url` (`http://127.0.0.1:4000`). */
export function openClient(url: string, key: string | null = null) {
  const credential: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  const headers = { 'x-graphql-client-name': NAME, ...credential };
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: true,
    connectionParams: { client: NAME, ...credential },
  });
  return {
    url,
    /** Headers that say which program asks, and with which key. */
    headers,
    /**
     * Runs one operation.
     * @throws Error with the server's message.
     */
    async request<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const body = (await response.json()) as { data?: T; errors?: { message: string }[] };
      if (!body.data) throw new Error(body.errors?.map((error) => error.message).join(' '));
      return body.data;
    },
    /** Follows a subscription until the server ends it. */
    follow: <T>(query: string, variables: Record<string, unknown>) =>
      socket.iterate<T>({ query, variables }),
    async close() {
      await socket.dispose();
    },
  };
}
