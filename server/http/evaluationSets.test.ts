import { connect } from 'node:net';
import { decodeGlobalId } from '../../schema/ids.ts';
import { openServer } from '../test/http.ts';
import { describe, expect, test } from '../test/test.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const lineOf = (id: string, over: object = {}) =>
  `${JSON.stringify({ id, prompt: `What is ${id}?`, expected_answer: '1', ...over })}\n`;
const post = (headers: Record<string, string> = NDJSON) => ({ method: 'POST', headers });

describe('POST /import/evaluation-sets', () => {
  test('stores a file and answers with what was noted', async ({ app }) => {
    await using server = await openServer(app);
    const path = '/import/evaluation-sets?name=posted&version=1&minItems=2';
    const body = lineOf('a') + lineOf('b', { section: 'odd' });
    const answer = await server.send(path, { ...post(), body });
    expect(answer.status).toBe(201);
    const { id, ...report } = JSON.parse(answer.body);
    const { typename, id: uuid } = decodeGlobalId(id);
    expect(typename).toBe('EvaluationSet');
    const set = await app.db.evaluationSet.findUniqueOrThrow({ where: { key: 'posted-1' } });
    expect(uuid).toBe(set.id);
    expect(report).toMatchObject({
      key: 'posted-1',
      contentHash: set.contentHash,
      itemCount: 2,
      warnings: [{ line: 2, itemId: 'b', code: 'UNKNOWN_SECTION', severity: 'WARNING' }],
    });
    const again = await server.send(path, { ...post(), body });
    expect(again.status).toBe(409);
    expect(JSON.parse(again.body)).toMatchObject({
      error: { code: 'CONFLICT', message: expect.stringContaining('"posted-1"'), existingId: id },
    });
  });

  test.for([
    ['name=a&version=1', 'no JSON\n', 'jsonl.1', 'NOT_JSON'],
    ['name=a&version=1&minItems=2', lineOf('a'), 'jsonl', 'TOO_FEW_ITEMS'],
    ['name=a&version=1&minItems=x', lineOf('a'), 'minItems', 'WRONG_TYPE'],
    ['name=a&version=1', '', 'jsonl', 'TOO_FEW_ITEMS'],
    ['version=1', lineOf('a'), 'name', 'TOO_SHORT'],
    ['name=a', lineOf('a'), 'version', 'TOO_SHORT'],
    ['name=a&version=1', Buffer.from([0x7b, 0xff, 0x7d]), 'jsonl', 'NOT_UTF8'],
  ] as const)('refuses %s with %j', async ([query, body, path, code], { app }) => {
    await using server = await openServer(app);
    const answer = await server.send(`/import/evaluation-sets?${query}`, {
      ...post(),
      body: body as string,
    });
    expect(answer.status).toBe(400);
    const { error } = JSON.parse(answer.body) as {
      error: { code: string; issues: { path: string[]; code: string }[] };
    };
    expect(error.code).toBe('VALIDATION');
    const issues = error.issues.map((issue) => [issue.path.join('.'), issue.code]);
    expect(issues).toContainEqual([path, code]);
    expect(await app.db.evaluationSet.count({ where: { name: 'a' } })).toBe(0);
  });

  test.for([
    ['text/plain', {}, 'UNSUPPORTED_TYPE'],
    ['application/json', {}, 'UNSUPPORTED_TYPE'],
    ['application/x-ndjson', { 'content-encoding': 'gzip' }, 'UNSUPPORTED_ENCODING'],
  ] as const)('refuses %s with %j', async ([type, headers, code], { app }) => {
    await using server = await openServer(app);
    const answer = await server.send('/import/evaluation-sets?name=t&version=1', {
      ...post({ 'content-type': type, ...headers }),
      body: lineOf('a'),
    });
    expect(answer.status).toBe(415);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
  });

  test('stops reading a body that is too long, and says how much it reads', async ({ app }) => {
    await using server = await openServer(app);
    const socket = connect(server.port, '127.0.0.1');
    // It goes away while the rest is still on its way.
    socket.on('error', () => {});
    socket.write(
      'POST /import/evaluation-sets?name=long&version=1 HTTP/1.1\r\nhost: 127.0.0.1\r\n' +
        'content-type: application/x-ndjson\r\ncontent-length: 20000000\r\n\r\n',
    );
    socket.write(Buffer.alloc(10 * 1024 * 1024 + 1, 'x'));
    let said = '';
    for await (const part of socket as AsyncIterable<Buffer>) said += part.toString();
    expect(said).toContain('413');
    expect(said).toContain('At most 10485760 bytes are read.');
  });

  test('refuses pages of other sites, and other methods', async ({ app }) => {
    await using server = await openServer(app);
    const path = '/import/evaluation-sets?name=o&version=1';
    const foreign = { ...NDJSON, origin: 'http://evil.example' };
    expect((await server.send(path, { ...post(foreign), body: lineOf('a') })).status).toBe(403);
    const get = await server.send(path);
    expect([get.status, get.headers.allow]).toEqual([405, 'POST']);
  });
});
