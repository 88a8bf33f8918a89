import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { globalId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { UnavailableError } from '../errors.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (query: unknown) => ({
  method: 'POST',
  headers: JSON_TYPE,
  body: JSON.stringify(query),
});

/** The app with a log to read, and with another database below `overview`. */
function withFault(app: App, fault: () => unknown) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { broken: { ...app, log: pino(stream), sql: { query: fault } as never }, lines };
}

const codesOf = (errors: unknown[] | undefined) =>
  errors?.map((error) => (error as { extensions?: { code?: string } }).extensions?.code);

describe('an error of an operation', () => {
  test('that nobody expected tells no more than a request id', async ({ app }) => {
    const { broken, lines } = withFault(app, () => {
      throw new Error('SELECT secret FROM /home/someone/file.ts');
    });
    await using server = await openServer(broken);
    const { body } = await server.send('/graphql', post({ query: '{ overview { runCount } }' }));
    const { errors } = JSON.parse(body);
    expect(errors).toMatchObject([
      {
        message: 'Unexpected error.',
        path: ['overview'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
      },
    ]);
    expect(body).not.toMatch(/SELECT|secret|\/home|stack|\.ts/i);
    expect(lines.length).toBe(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      requestId: errors[0].extensions.requestId,
      err: { message: 'SELECT secret FROM /home/someone/file.ts' },
    });
  });

  test('about a row that was deleted meanwhile says so, and is not logged', async ({ app }) => {
    const { broken, lines } = withFault(app, () =>
      app.db.trace.findUniqueOrThrow({ where: { id: randomUUID() } }),
    );
    await using server = await openServer(broken);
    expect(await server.ask('{ overview { runCount } }')).toMatchObject({
      errors: [{ message: 'It has just been deleted.', extensions: { code: 'NOT_FOUND' } }],
    });
    expect(lines).toEqual([]);
  });

  test('that was expected says what it is, and is not logged', async ({ app }) => {
    const { broken, lines } = withFault(app, () => {
      throw new UnavailableError('There is no Python.', 'Install one.');
    });
    await using server = await openServer(broken);
    expect(await server.ask('{ overview { runCount } }')).toMatchObject({
      errors: [
        { message: 'There is no Python. Install one.', extensions: { code: 'UNAVAILABLE' } },
      ],
    });
    expect(lines).toEqual([]);
  });

  test('for a bad argument lists what is wrong with it', async ({ app }) => {
    await using server = await openServer(app);
    const query = '{ traces(filter: { importId: "x" }) { edges { cursor } } }';
    expect(await server.ask(query)).toMatchObject({
      data: null,
      errors: [
        {
          message: 'importId: this is not the id of an import.',
          path: ['traces'],
          extensions: { code: 'BAD_VALUE', issues: [{ path: ['importId'], code: 'INVALID' }] },
        },
      ],
    });
  });

  test.for([
    ['{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ runs(first: "x") { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ node(id: "x") { id } }', 'BAD_ID'],
    ['{ runs(first: 101) { totalCount } }', 'BAD_VALUE'],
    ['{ runLogs(runId: "x", after: 0.5) { hasMore } }', 'BAD_VALUE'],
    ['query ($n: Int!) { runs(first: $n) { totalCount } }', 'BAD_VALUE'],
  ])('in %j has a code', async ([query = '', code], { app }) => {
    await using server = await openServer(app);
    expect(codesOf((await server.ask(query)).errors)).toEqual([code]);
  });
});

describe('POST /graphql', () => {
  test('answers with no word to other origins', async ({ app }) => {
    await using server = await openServer(app);
    const answer = await server.send('/graphql', post({ query: '{ health { version } }' }));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ data: { health: {} } });
    const preflight = await server.send('/graphql', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST' },
    });
    for (const { headers } of [answer, preflight]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-'))).toEqual([]);
    }
  });

  test('does not repeat a body that is no JSON', async ({ app }) => {
    await using server = await openServer(app);
    const answer = await server.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query": ${'x'.repeat(5_000)}`,
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).errors[0].extensions).toEqual({
      code: 'BAD_REQUEST',
      requestId: expect.any(String),
    });
    expect(answer.body.length).toBeLessThan(500);
  });

  test('refuses several operations at once', async ({ app }) => {
    await using server = await openServer(app);
    const one = { query: '{ health { version } }' };
    const answer = await server.send('/graphql', post([one, one]));
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('"data"');
  });

  test.for([
    ['text/plain', JSON.stringify({ query: '{ health { version } }' })],
    ['application/x-www-form-urlencoded', 'query=%7B%20health%20%7B%20version%20%7D%20%7D'],
    ['multipart/form-data; boundary=x', '--x\r\n\r\n--x--'],
  ])('refuses %s, which a form of another page can send', async ([type, body], { app }) => {
    await using server = await openServer(app);
    const headers = { 'content-type': type };
    const answer = await server.send('/graphql', { method: 'POST', headers, body });
    expect(answer.status).toBe(415);
    expect(answer.body).not.toContain('"data"');
  });

  test.for(['{', '"x"', '{}', 'null', ''])('refuses %j for a body', async (body, { app }) => {
    await using server = await openServer(app);
    const answer = await server.send('/graphql', { method: 'POST', headers: JSON_TYPE, body });
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ message: expect.any(String) }] });
    expect(answer.body).not.toContain('"data"');
  });

  test('takes 16 MiB and does not begin to read more', async ({ app }) => {
    await using server = await openServer(app);
    const of = (note: string) => ({ query: '{ health { version } }', variables: { note } });
    const room = 16 * 1024 * 1024 - JSON.stringify(of('')).length;
    const full = await server.send('/graphql', post(of('x'.repeat(room))));
    expect(full).toMatchObject({ status: 200, body: expect.stringContaining('"data"') });
    const headers = { ...JSON_TYPE, 'content-length': 16 * 1024 * 1024 + 1 };
    const more = await server.send('/graphql', { method: 'POST', headers });
    expect(more).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });

  test('wants to know how long the body is', async ({ app }) => {
    await using server = await openServer(app);
    const headers = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
    const options = { method: 'POST', headers, body: '{"query": "{ health { ok } }"}' };
    expect((await server.send('/graphql', options)).status).toBe(411);
  });
});

describe('GET /graphql', () => {
  test('changes nothing', async ({ app }) => {
    await using server = await openServer(app);
    const run = await makeRun(app, (await makeDataset(app)).id, { status: 'PENDING' });
    const id = globalId('Run', run.id);
    const query = `mutation { cancelRun(input: { runId: "${id}" }) { __typename } }`;
    const answer = await server.send(`/graphql?query=${encodeURIComponent(query)}`);
    expect(answer.status).toBe(405);
    expect(await app.db.run.findUnique({ where: { id: run.id } })).toMatchObject({
      status: 'PENDING',
    });
  });

  test('shows a GraphiQL that needs nothing from outside', async ({ app }) => {
    await using server = await openServer(app);
    const answer = await server.send('/graphql', { headers: { accept: 'text/html' } });
    const { status, body, headers } = answer;
    expect(status).toBe(200);
    const policy = headers['content-security-policy'] ?? '';
    const nonce = /script-src 'nonce-([\w+/]{22}==)';/.exec(String(policy))?.[1];
    expect(body).toContain(`<script nonce="${nonce}">`);
    expect(policy).toContain("frame-ancestors 'self'");
    expect(body).toContain('Tunix RT · GraphiQL');
    const outside = [...body.matchAll(/\b(?:src|href)=["']?((?:https?:)?\/\/[^"'\s>]+)/g)];
    expect(outside.map(([, url]) => url)).toEqual([]);
    expect(body).not.toMatch(/unpkg\.com|jsdelivr|@import|url\(["']?https?:/);
  });

  test('gives GraphiQL the variables of a link, whose text ends no script', async ({ app }) => {
    await using server = await openServer(app);
    const optionsOf = async (variables: string) => {
      const path = `/graphql?${new URLSearchParams({ query: '{ a }', variables })}`;
      const { body } = await server.send(path, { headers: { accept: 'text/html' } });
      const options = /querySelector\('#root'\),\s+(\{.*\}),\s+\);\s+<\/script>/.exec(body)?.[1];
      return JSON.parse(options ?? '') as { variables?: string };
    };
    const variables = { name: '</script><script>alert(1)</script>' };
    const given = (await optionsOf(JSON.stringify(variables))).variables ?? '';
    expect(given).not.toContain('<');
    expect(JSON.parse(given)).toEqual(variables);
    expect(await optionsOf('{</script>')).not.toHaveProperty('variables');
  });
});

describe('an event stream', () => {
  test('goes on from a cursor and ends with the run', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id, { lastLogSeq: 3n });
    for (const seq of [1n, 2n, 3n]) {
      const data = Buffer.from(`line ${seq}\n`);
      await app.db.logChunk.create({
        data: {
          runId: run.id,
          firstSeq: seq,
          lastSeq: seq,
          attempt: 1,
          stream: 'STDOUT',
          data,
          bytes: data.length,
        },
      });
    }
    await using server = await openServer(app);
    const query = `subscription ($id: ID!, $after: BigInt) {
      runLogs(runId: $id, after: $after) {
        __typename
        ... on LogBatch { lastSeq text }
        ... on StreamCompleted { status lastSeq }
      }
    }`;
    const follow = async (after: string) => {
      const variables = { id: globalId('Run', run.id), after };
      const { headers, body } = await server.send('/graphql', {
        ...post({ query, variables }),
        headers: { ...JSON_TYPE, accept: 'text/event-stream' },
      });
      expect(headers['content-type']).toMatch(/^text\/event-stream/);
      const events = [...body.matchAll(/^data: ?(\{.*\})$/gm)];
      return events.map(([, data]) => JSON.parse(data ?? '').data.runLogs);
    };
    const completed = { __typename: 'StreamCompleted', status: 'COMPLETED', lastSeq: '3' };
    expect(await follow('1')).toEqual([
      { __typename: 'StreamPhase' },
      { __typename: 'LogBatch', lastSeq: '3', text: 'line 2\nline 3\n' },
      completed,
    ]);
    expect(await follow('3')).toEqual([completed]);
  });
});
