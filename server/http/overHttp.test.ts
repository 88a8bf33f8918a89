/** The audits of graphql-http against our server: https://graphql.github.io/graphql-over-http/draft/ */
import { auditServer } from 'graphql-http';
import { openServer } from '../test/http.ts';
import { expect, test } from '../test/test.ts';

/** What the specification leaves to us and we decided otherwise. */
const OTHERWISE: readonly string[] = [];

test('GraphQL over HTTP is as the specification says', async ({ app }) => {
  await using server = await openServer(app);
  const results = await auditServer({ url: `${server.url}/graphql` });
  expect(results.length).toBeGreaterThan(60);
  const failed = results
    .filter(({ status }) => status !== 'ok')
    .map((result) => `${result.id} ${result.name}: ${'reason' in result ? result.reason : ''}`);
  expect(failed).toEqual(OTHERWISE);
});
