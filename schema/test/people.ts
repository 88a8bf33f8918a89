/** People who ask through the API. */
import type { App } from '../../server/app.ts';
import { cookieHeader, makeUser, withAccess } from '../../server/test/access.ts';
import type { TestServer } from '../../server/test/http.ts';

type Answer = { data: Record<string, unknown>; errors?: { extensions: object }[] };

/** Asks as somebody, by their headers. */
export async function askAs(
  server: TestServer,
  headers: Record<string, string>,
  query: string,
  variables: object = {},
): Promise<Answer> {
  const { body } = await server.send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return JSON.parse(body);
}

/** The app with access on, an admin and a member, each with the headers of a browser. */
export async function cast(base: App) {
  const app = withAccess(base);
  const [admin, member] = [await makeUser(app, 'ADMIN'), await makeUser(app, 'MEMBER')];
  return {
    app,
    admin: { ...admin, headers: await cookieHeader(app, admin.id) },
    member: { ...member, headers: await cookieHeader(app, member.id) },
  };
}
