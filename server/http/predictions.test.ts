import { decodeGlobalId, globalId } from '../../schema/ids.ts';
import { MAX_PREDICTION_BYTES } from '../predictions/model.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeEvaluationSet, makeRun, makeRunOnSet } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';

const post = (type = 'application/x-ndjson') => ({
  method: 'POST',
  headers: { 'content-type': type },
});
const lineOf = (id: string, over: object = { text: 'Answer: 1' }) =>
  `${JSON.stringify({ id, ...over })}\n`;

describe('POST /import/predictions', () => {
  test('stores the predictions of a system once and answers with its run', async ({ app }) => {
    await using server = await openServer(app);
    const set = await makeEvaluationSet(app, [{ itemId: 'a' }, { itemId: 'b' }]);
    const path = `/import/predictions?system=s&model=m&set=${set.key}&allowMissing=true`;
    const body = lineOf('a') + lineOf('z');
    const answer = await server.send(path, { ...post(), body });
    expect(answer.status).toBe(201);
    const report = JSON.parse(answer.body);
    expect(report).toMatchObject({
      repeated: false,
      imported: 1,
      missing: 1,
      issues: [{ line: 2, code: 'UNKNOWN_ITEM' }],
    });
    const { typename, id } = decodeGlobalId(report.runId);
    expect(typename).toBe('Run');
    const run = await app.db.run.findUniqueOrThrow({ where: { id } });
    expect(run).toMatchObject({ number: report.number, name: 's', modelId: 'm' });
    const again = await server.send(path, { ...post(), body });
    expect(again.status).toBe(200);
    expect(JSON.parse(again.body)).toMatchObject({ runId: report.runId, repeated: true });
  });

  test('stores predictions for a run of ours, and never again', async ({ app }) => {
    await using server = await openServer(app);
    const dataset = await makeDataset(app);
    const set = await makeEvaluationSet(app, [{ itemId: 'a' }]);
    const { id } = await makeRunOnSet(app, dataset.id, set, []);
    const path = `/import/predictions?run=${encodeURIComponent(globalId('Run', id))}`;
    const answer = await server.send(path, { ...post('application/jsonl'), body: lineOf('a') });
    expect(answer.status).toBe(201);
    const again = await server.send(path, { ...post(), body: lineOf('a') });
    expect(again.status).toBe(409);
    expect(JSON.parse(again.body)).toMatchObject({ error: { code: 'CONFLICT' } });
  });

  test.for([
    ['system=s&model=m&set=nowhere', '', 404, 'NOT_FOUND'],
    ['system=s&model=m&dataset=x&split=odd', '', 400, 'VALIDATION'],
    ['system=s&set=x', '', 400, 'VALIDATION'],
    ['system=s&model=m&set=x&allowMissing=maybe', '', 400, 'VALIDATION'],
    ['run=nothing', '', 400, 'VALIDATION'],
    ['', '', 400, 'VALIDATION'],
    ['system=s&model=m&set=x', Buffer.from([0x7b, 0xff]), 400, 'VALIDATION'],
  ] as const)('refuses %s', async ([query, body, status, code], { app }) => {
    await using server = await openServer(app);
    const answer = await server.send(`/import/predictions?${query}`, {
      ...post(),
      body: body as string,
    });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
  });

  test('refuses a run that is not over, and another method, type or size', async ({ app }) => {
    await using server = await openServer(app);
    const dataset = await makeDataset(app);
    const { id } = await makeRun(app, dataset.id, { status: 'RUNNING' });
    const send = async (options: Parameters<typeof server.send>[1]) => {
      const { status, body } = await server.send(`/import/predictions?run=${id}`, options);
      return [status, JSON.parse(body).error.code];
    };
    expect(await send({ ...post(), body: '' })).toEqual([409, 'INVALID_STATE']);
    expect(await send({ method: 'GET' })).toEqual([405, 'METHOD']);
    expect(await send({ ...post('text/plain'), body: '' })).toEqual([415, 'UNSUPPORTED_TYPE']);
    const large = Buffer.alloc(MAX_PREDICTION_BYTES + 1, ' ');
    expect(await send({ ...post(), body: large })).toEqual([413, 'TOO_LARGE']);
  });
});
