import { globalId } from '../../schema/ids.ts';
import { exportRecord } from '../datasets/render.ts';
import { openServer } from '../test/http.ts';
import { makeTrace } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import type { TracePayload } from '../traces/model.ts';

const path = '/export/traces.jsonl';

const post = async (server: { url: string }, body: unknown, type = 'application/json') => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': type };
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', body: text, headers });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
};

const linesOf = (body: string): { id?: string }[] =>
  body
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('POST /export/traces.jsonl', () => {
  test('has the asked traces in the asked order, each once', async ({ app }) => {
    const traces = [await makeTrace(app), await makeTrace(app), await makeTrace(app)];
    const [first, second, third] = traces.map(({ id }) => id) as [string, string, string];
    await using server = await openServer(app);
    const traceIds = [third, globalId('Trace', first), second, third];
    const answer = await post(server, { traceIds, format: 'trace' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('traces.jsonl');
    expect(linesOf(answer.body).map(({ id }) => id)).toEqual([third, first, second]);
  });

  test('is what Tunix learns from unless another format is asked for', async ({ app }) => {
    const trace = await makeTrace(app);
    await using server = await openServer(app);
    const answer = await post(server, { traceIds: [trace.id] });
    const payload = trace.payload as TracePayload;
    expect(linesOf(answer.body)).toEqual([exportRecord('tunix_sft', { ...trace, payload })]);
  });

  test('crosses the pages in which it is read', async ({ app }) => {
    const ids: string[] = [];
    for (let made = 0; made < 501; made++) ids.push((await makeTrace(app)).id);
    await using server = await openServer(app);
    const answer = await post(server, { traceIds: ids, format: 'trace' });
    expect(linesOf(answer.body).map(({ id }) => id)).toEqual(ids);
  });

  const unknown = '00000000-0000-7000-8000-000000000000';

  test.for<[unknown, string]>([
    [{ traceIds: [] }, 'at least 1 is needed'],
    [{ traceIds: ['x'] }, 'this is not the id of a trace'],
    [{ traceIds: [globalId('Run', unknown)] }, 'this is not the id of a trace'],
    [{ traceIds: [unknown] }, `first ${unknown}`],
    [{ traceIds: Array(10_001).fill(unknown) }, 'at most 10000 are allowed'],
    [{ traceIds: [unknown], format: 'csv' }, 'is not one of trace, tunix_sft'],
    [{ traceIds: [unknown], more: 1 }, 'more: there is no such field'],
    ['{"traceIds"', 'no JSON'],
    ['[]', 'is a list, an object is needed'],
  ])('refuses %j', async ([body, message], { app }) => {
    await using server = await openServer(app);
    const answer = await post(server, body);
    expect(answer.status).toBe(400);
    const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
    expect(error.code).toBe('VALIDATION');
    expect(error.message).toContain(message);
  });

  test('refuses another type of body, too large a one, and another method', async ({ app }) => {
    await using server = await openServer(app);
    expect((await post(server, '{}', 'text/plain')).status).toBe(415);
    expect((await post(server, ' '.repeat(2_000_001))).status).toBe(413);
    expect((await server.send(path)).status).toBe(405);
  });
});
