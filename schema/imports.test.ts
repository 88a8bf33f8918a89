import { openServer } from '../server/test/http.ts';
import { makePayload } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { importTraces } from '../server/traces/import.ts';

async function* streamOf(content: string, breaks = false) {
  yield Buffer.from(content);
  if (breaks) throw new Error('connection lost');
}

const FIELDS = `key status error lines stored duplicates rejected bytes totalBytes rate etaSeconds
  viewerCanCancel rejectedByCode { code count } report { line code message excerpt limit found }`;

describe('imports', () => {
  test('are read by id, by key and as a list', async ({ app }) => {
    await using server = await openServer(app);
    const content = `${JSON.stringify(makePayload())}\n{"a": NaN}\n`;
    const options = { key: 'by key', name: 'f', totalBytes: content.length };
    await importTraces(app, streamOf(content), options);
    const { data } = await server.ask(
      `query Read { importSession(key: "by key") { id ${FIELDS} } importSessions(first: 1) { totalCount edges { node { id } } } }`,
    );
    const { importSession, importSessions } = data as {
      importSession: { id: string };
      importSessions: { edges: { node: { id: string } }[] };
    };
    expect(importSession).toMatchObject({
      status: 'COMPLETED',
      lines: 2,
      stored: 1,
      rejected: 1,
      bytes: String(content.length),
      totalBytes: String(content.length),
      rate: null,
      etaSeconds: null,
      viewerCanCancel: false,
      rejectedByCode: [{ code: 'BAD_JSON', count: 1 }],
      report: [{ line: 2, code: 'BAD_JSON', excerpt: '{"a": NaN}', found: 'NaN' }],
    });
    expect(importSessions.edges[0]?.node.id).toBe(importSession.id);
    const byId = await server.ask('query Id($id: ID!) { importSession(id: $id) { key } }', {
      id: importSession.id,
    });
    expect(byId.data).toEqual({ importSession: { key: 'by key' } });
    const none = await server.ask(
      '{ a: importSession(key: "none") { id } b: importSession { id } }',
    );
    expect(none.data).toEqual({ a: null, b: null });
  });

  test('are cancelled once; what is over stays as it is', async ({ app }) => {
    await using server = await openServer(app);
    await expect(importTraces(app, streamOf('{}', true), { key: 'lost' })).rejects.toThrow();
    const { id } = await app.db.importSession.findUniqueOrThrow({ where: { key: 'lost' } });
    const cancel = `mutation Cancel($id: ID!) { cancelImport(input: { id: $id }) { __typename
      ... on CancelImportPayload { importSession { status viewerCanCancel } }
      ... on InvalidStateError { status } } }`;
    const payload = { importSession: { status: 'CANCELLED', viewerCanCancel: false } };
    for (let again = 0; again < 2; again++) {
      expect((await server.ask(cancel, { id })).data).toMatchObject({ cancelImport: payload });
    }
    const done = await importTraces(app, streamOf(''), {});
    expect((await server.ask(cancel, { id: done.importId })).data).toMatchObject({
      cancelImport: { __typename: 'InvalidStateError', status: 'COMPLETED' },
    });
    expect((await server.ask(cancel, { id: 'nonsense' })).data).toMatchObject({
      cancelImport: { __typename: 'NotFoundError' },
    });
  });

  test('whose server died are shown as interrupted', async ({ app }) => {
    await using server = await openServer(app);
    await expect(importTraces(app, streamOf('{}', true), { key: 'dead' })).rejects.toThrow();
    const updatedAt = new Date(Date.now() - 60_000);
    await app.db.importSession.update({
      where: { key: 'dead' },
      data: { status: 'RUNNING', updatedAt },
    });
    const { data } = await server.ask('{ importSession(key: "dead") { status rate } }');
    expect(data).toEqual({ importSession: { status: 'INTERRUPTED', rate: null } });
  });

  test('are previewed', async ({ app }) => {
    await using server = await openServer(app);
    const sample = '{"problem": "P", "reasoning": ["a"], "target": "T"}';
    const query = `query Preview($sample: String!, $mapping: TraceMappingInput) {
      importPreview(sample: $sample, mapping: $mapping) { format fields shape
        suggestedMapping { prompt steps finalAnswer meta }
        rows { line shape trace { prompt finalAnswer steps { content } } issues { code } } } }`;
    const { data } = await server.ask(query, { sample });
    const { importPreview } = data as { importPreview: { suggestedMapping: object } };
    expect(importPreview).toMatchObject({
      format: 'NDJSON',
      shape: 'UNKNOWN',
      suggestedMapping: { prompt: 'problem', steps: 'reasoning', finalAnswer: 'target', meta: [] },
      rows: [{ line: 1, trace: null, issues: [{ code: 'UNKNOWN_SHAPE' }] }],
    });
    const mapped = await server.ask(query, { sample, mapping: importPreview.suggestedMapping });
    expect(mapped.data).toMatchObject({
      importPreview: {
        shape: 'MAPPED',
        rows: [{ trace: { prompt: 'P', finalAnswer: 'T' }, issues: [] }],
      },
    });
  });
});
