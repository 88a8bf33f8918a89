import { openServer } from '../server/test/http.ts';
import { makePayload } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';

const create = (fields: string) => `mutation Create($input: CreateTraceInput!) {
  createTrace(input: $input) { ... on CreateTracePayload { created trace { ${fields} } } } }`;

describe('createTrace', () => {
  test('answers with the id alone as with the whole trace', async ({ app }) => {
    await using server = await openServer(app);
    const trace = makePayload();
    const first = await server.ask(create('id __typename'), { input: { trace } });
    const stored = await app.db.trace.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const id = globalId('Trace', stored.id);
    expect(first.data).toEqual({
      createTrace: { created: true, trace: { id, __typename: 'Trace' } },
    });
    const again = await server.ask(create('id prompt ... on Node { id }'), { input: { trace } });
    expect(again.data).toEqual({
      createTrace: { created: false, trace: { id, prompt: trace.prompt } },
    });
  });
});
