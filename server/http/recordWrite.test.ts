/** What is written over HTTP stands in the audit log as mutations do. */
import { connect } from 'node:net';
import type { App } from '../app.ts';
import { keyHeader, makeUser, withAccess } from '../test/access.ts';
import { openServer } from '../test/http.ts';
import { makeEvaluationSet, makePayload } from '../test/make.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const post = (body: string, headers: object = {}) => ({
  method: 'POST',
  headers: { ...NDJSON, ...headers },
  body,
});

const newest = async (app: App, action: string) =>
  app.db.auditEntry.findFirst({ where: { action }, orderBy: [{ at: 'desc' }, { id: 'desc' }] });

describe('an import over HTTP', () => {
  test('of traces is recorded with its counts and by whom, without a word of them', async ({
    app,
  }) => {
    const asking = withAccess(app);
    await using server = await openServer(asking);
    const ada = await makeUser(app, 'MEMBER');
    const headers = {
      ...(await keyHeader(app, ['TRACES_WRITE'], ada.id)),
      'x-request-id': 'import-1',
      'x-graphql-client-name': 'script',
    };
    const body = `${JSON.stringify(makePayload({ prompt: 'a secret' }))}\nno JSON\n`;
    const path = '/import/traces?name=f.jsonl&tag=a&tag=b&maxErrors=5';
    const answer = await server.send(path, post(body, headers));
    const entry = await newest(app, 'importTraces');
    expect(entry).toMatchObject({
      actorKind: 'KEY',
      actorName: `key ci of ${ada.email}`,
      target: JSON.parse(answer.body).importId,
      outcome: 'OK',
      detail: { name: 'f.jsonl', tag: 'a, b', lines: 2, stored: 1, rejected: 1 },
      requestId: 'import-1',
      client: 'script',
    });
    expect(JSON.stringify(entry)).not.toContain('secret');
  });

  test('of predictions is recorded, and their run knows who brought it', async ({ app }) => {
    await using server = await openServer(app);
    const set = await makeEvaluationSet(app, [{ itemId: 'a' }]);
    const path = `/import/predictions?system=s&model=m&set=${set.key}`;
    const line = `${JSON.stringify({ id: 'a', text: 'Answer: 1' })}\n`;
    const { runId, number } = JSON.parse((await server.send(path, post(line))).body);
    expect(await newest(app, 'importPredictions')).toMatchObject({
      actorKind: 'LOCAL',
      target: runId,
      outcome: 'OK',
      detail: { system: 's', model: 'm', set: set.key, imported: 1, missing: 0 },
    });
    expect(await app.db.run.findUnique({ where: { number } })).toMatchObject({
      createdBy: 'local',
    });
  });

  test('of an evaluation set is recorded like the mutation', async ({ app }) => {
    await using server = await openServer(app);
    const path = '/import/evaluation-sets?name=s&version=1';
    const line = `${JSON.stringify({ id: 'a', prompt: 'p', expected_answer: '1' })}\n`;
    const { id } = JSON.parse((await server.send(path, post(line))).body);
    expect(await newest(app, 'createEvaluationSet')).toMatchObject({
      target: id,
      outcome: 'OK',
      detail: { name: 's', version: '1', itemCount: 1 },
    });
    const again = JSON.parse((await server.send(path, post(line))).body);
    expect(again.error).toMatchObject({ code: 'CONFLICT', requestId: expect.any(String) });
    expect(await newest(app, 'createEvaluationSet')).toMatchObject({
      outcome: 'CONFLICT',
      requestId: again.error.requestId,
    });
  });

  test('that is no good is recorded with the code of its answer', async ({ app }) => {
    await using server = await openServer(app);
    const answer = await server.send('/import/traces?maxErors=0', post('{}\n'));
    expect(answer.status).toBe(400);
    expect(await newest(app, 'importTraces')).toMatchObject({
      outcome: 'VALIDATION',
      target: null,
    });
  });

  test('whose sender leaves is recorded, too', async ({ app }) => {
    await using server = await openServer(app);
    const before = await app.db.auditEntry.count({ where: { outcome: 'INTERRUPTED' } });
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      'POST /import/traces?key=left HTTP/1.1\r\nhost: localhost\r\n' +
        'content-type: application/x-ndjson\r\ncontent-length: 1000000\r\n\r\n{"prompt',
    );
    await until(async () => app.db.importSession.findUnique({ where: { key: 'left' } }));
    socket.destroy();
    await until(
      async () =>
        (await app.db.auditEntry.count({ where: { outcome: 'INTERRUPTED' } })) === before + 1,
    );
    expect(await newest(app, 'importTraces')).toMatchObject({ detail: { key: 'left' } });
  });

  test.for([
    ['/import/traces', 'importTraces'],
    ['/import/evaluation-sets', 'createEvaluationSet'],
    ['/import/predictions', 'importPredictions'],
  ] as const)(
    'to %s is refused without the scope, and recorded as refused',
    async ([path, action], { app }) => {
      const asking = withAccess(app);
      await using server = await openServer(asking);
      const headers = await keyHeader(app, ['READ']);
      expect((await server.send(path, post('', headers))).status).toBe(403);
      expect(await newest(app, action)).toMatchObject({ actorKind: 'KEY', outcome: 'FORBIDDEN' });
      expect((await server.send(path, post(''))).status).toBe(401);
      expect(await newest(app, action)).toMatchObject({
        actorKind: 'ANONYMOUS',
        outcome: 'UNAUTHENTICATED',
      });
    },
  );

  test('that cannot be recorded is not answered as if it were; an error is', async ({ app }) => {
    const record = async () => Promise.reject(new Error('the log is away'));
    await using server = await openServer({ ...app, audit: { record } });
    const answer = await server.send('/import/traces', post(`${JSON.stringify(makePayload())}\n`));
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('the log is away');
    const refused = await server.send('/import/traces?maxErors=0', post('{}\n'));
    expect(refused.status).toBe(400);
  });
});
