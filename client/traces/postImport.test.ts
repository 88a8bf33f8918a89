import { afterEach, expect, it, vi } from 'vitest';
import { textFile } from './importFile.ts';
import { postImport } from './postImport.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = (status: number, body: string) => {
  const fetch = vi.fn(async (..._request: unknown[]) => new Response(body, { status }));
  vi.stubGlobal('fetch', fetch);
  return fetch;
};

const at = (body: Blob, offset = 0) => ({
  key: 'k1',
  body,
  offset,
  signal: new AbortController().signal,
});

const plain = { source: '', tags: [], format: 'AUTO', mapping: undefined } as const;

it('names file, key, labels, mapping and place in the URL', async () => {
  const fetch = answering(200, '{}');
  const file = { name: 'a & b.jsonl', blob: new Blob(['0123456789']), isGzip: false };
  const options = {
    source: 'gsm8k',
    tags: ['hard', 'new'],
    format: 'NDJSON',
    mapping: { prompt: 'question' },
  } as const;
  expect(await postImport(file, options, at(file.blob.slice(4), 4))).toEqual({ kind: 'answered' });
  const [url, request] = fetch.mock.calls[0] ?? [];
  const query = new URLSearchParams(String(url).split('?')[1]);
  expect(Object.fromEntries(query)).toMatchObject({
    key: 'k1',
    offset: '4',
    name: 'a & b.jsonl',
    source: 'gsm8k',
    format: 'NDJSON',
    mapping: '{"prompt":"question"}',
    size: '10',
  });
  expect(query.getAll('tag')).toEqual(['hard', 'new']);
  expect(request).toMatchObject({ headers: { 'content-type': 'application/x-ndjson' } });
});

it('says that a packed file is packed, and no size', async () => {
  const fetch = answering(200, '{}');
  const file = { name: 'a.jsonl.gz', blob: new Blob(['x']), isGzip: true };
  await postImport(file, plain, at(file.blob));
  const [url, request] = fetch.mock.calls[0] ?? [];
  expect(String(url)).not.toContain('size');
  expect(request).toMatchObject({ headers: { 'content-encoding': 'gzip' } });
});

const refusal = (code: string) => JSON.stringify({ error: { code, message: 'No.' } });

it.each([
  ['a refusal', 413, refusal('TOO_LARGE'), { kind: 'refused', message: 'No.' }],
  [
    'a page of a proxy',
    404,
    '<html>',
    { kind: 'refused', message: expect.stringContaining('404') },
  ],
  ['a restart', 503, refusal('DATABASE_AWAY'), { kind: 'lost' }],
  ['a cancelled import', 409, refusal('IMPORT_CANCELLED'), { kind: 'answered' }],
])('understands %s', async (_name, status, body, expected) => {
  answering(status, body);
  const file = textFile('x');
  expect(await postImport(file, plain, at(file.blob))).toEqual(expected);
});

it('takes a broken connection for lost', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const file = textFile('x');
  expect(await postImport(file, plain, at(file.blob))).toEqual({ kind: 'lost' });
});
