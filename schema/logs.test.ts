import type { App } from '../server/app.ts';
import { openServer } from '../server/test/http.ts';
import { makeDataset, makeRun } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';

/** A run with two lines of output, a mark of a gap and one more line. */
async function storeRun(app: App) {
  const run = await makeRun(app, (await makeDataset(app)).id, { lastLogSeq: 4n });
  const rows = [
    { firstSeq: 1, lastSeq: 2, stream: 'STDOUT', text: 'one\n 1%\r100%\r\n' },
    { firstSeq: 3, lastSeq: 3, stream: 'SYSTEM', text: '… lost …\n', lostBytes: 99, lostLines: 3 },
    { firstSeq: 4, lastSeq: 4, stream: 'STDERR', text: 'end' },
  ] as const;
  await app.db.logChunk.createMany({
    data: rows.map(({ text, ...row }) => {
      const data = Buffer.from(text);
      return { runId: run.id, attempt: 1, data, bytes: data.length, ...row };
    }),
  });
  return { id: globalId('Run', run.id), number: run.number };
}

describe('runLogs', () => {
  test('gives lines as written and as shown, and marks of gaps apart', async ({ app }) => {
    const { id } = await storeRun(app);
    await using server = await openServer(app);
    const query = `query ($id: ID!, $maxLines: Int) { runLogs(runId: $id, maxLines: $maxLines) {
      startSeq endSeq hasMore gaps { seq lostBytes lostLines attempt }
      batches { firstSeq lastSeq text lines { seq text } } } }`;
    const { data } = await server.ask(query, { id });
    expect(data).toEqual({
      runLogs: {
        ...{ startSeq: '1', endSeq: '4', hasMore: false },
        gaps: [{ seq: '3', lostBytes: '99', lostLines: '3', attempt: 1 }],
        batches: [
          {
            ...{ firstSeq: '1', lastSeq: '2', text: 'one\n 1%\r100%\r\n' },
            lines: [
              { seq: '1', text: 'one' },
              { seq: '2', text: '100%' },
            ],
          },
          { firstSeq: '4', lastSeq: '4', text: 'end', lines: [{ seq: '4', text: 'end' }] },
        ],
      },
    });
    expect((await server.ask(query, { id, maxLines: 1 })).data).toMatchObject({
      runLogs: { startSeq: '1', endSeq: '1', hasMore: true, gaps: [] },
    });
  });
});

describe('runLogSearch', () => {
  const query = `query ($id: ID!, $query: String!, $first: Int, $streams: [LogStream!],
    $before: BigInt) {
    runLogSearch(runId: $id, query: $query, first: $first, streams: $streams, before: $before) {
      totalCount totalIsExact endSeq hasMore matches { seq stream text } } }`;

  test('finds lines of the chosen streams', async ({ app }) => {
    const { id } = await storeRun(app);
    await using server = await openServer(app);
    const asked = { id, query: 'E', streams: ['STDOUT', 'STDERR'] };
    expect((await server.ask(query, asked)).data).toEqual({
      runLogSearch: {
        ...{ totalCount: 2, totalIsExact: true, endSeq: '4', hasMore: false },
        matches: [
          { seq: '1', stream: 'STDOUT', text: 'one' },
          { seq: '4', stream: 'STDERR', text: 'end' },
        ],
      },
    });
    expect((await server.ask(query, { ...asked, before: 4, first: 1 })).data).toMatchObject({
      runLogSearch: { totalCount: 2, hasMore: false, matches: [{ seq: '1' }] },
    });
  });

  test('names what is wrong with an argument', async ({ app }) => {
    const { id } = await storeRun(app);
    await using server = await openServer(app);
    const { errors } = await server.ask(query, { id, query: '', first: 1001 });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_VALUE', issues: [{ path: ['first'], limit: '1000' }] } },
    ]);
  });
});

test('a run says what is stored of its log, and where all of it is', async ({ app }) => {
  const { id, number } = await storeRun(app);
  await using server = await openServer(app);
  const { data } = await server.ask(
    `query ($id: ID!) { node(id: $id) { ... on Run { logUrl log {
      lines bytes stdoutLines stderrLines systemLines gaps deletedAt
      attempts { attempt firstSeq lastSeq } } } } }`,
    { id },
  );
  expect(data).toEqual({
    node: {
      logUrl: `/export/runs/${number}/log.txt`,
      log: {
        ...{ lines: '4', bytes: '30', stdoutLines: '2', stderrLines: '1', systemLines: '1' },
        ...{ gaps: 1, deletedAt: null, attempts: [{ attempt: 1, firstSeq: '1', lastSeq: '4' }] },
      },
    },
  });
});
