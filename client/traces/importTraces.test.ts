import { afterEach, expect, it, vi } from 'vitest';
import { importTraces, SAMPLE_LINE } from './importTraces.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = (status: number, body: string) => {
  const fetch = vi.fn(async (..._request: unknown[]) => new Response(body, { status }));
  vi.stubGlobal('fetch', fetch);
  return fetch;
};

const report = {
  importId: 'i1',
  status: 'COMPLETED',
  lines: 2,
  stored: 1,
  duplicates: 0,
  rejected: 1,
  report: [{ line: 2, code: 'json', message: 'not JSON' }],
};

it('sends NDJSON under the name of the file', async () => {
  const fetch = answering(200, JSON.stringify(report));
  expect(await importTraces(SAMPLE_LINE, { name: 'a & b.jsonl', source: '' })).toEqual(report);
  expect(fetch.mock.calls[0]?.[0]).toBe('/import/traces?name=a+%26+b.jsonl');
  expect(fetch.mock.calls[0]?.[1]).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
  });
});

it('says the reason of a refusal, whatever its form', async () => {
  answering(413, JSON.stringify({ error: { code: 'X', message: 'Too large' } }));
  await expect(importTraces('', { name: 'x' })).rejects.toThrow('Too large');
  answering(502, '<html>');
  await expect(importTraces('', { name: 'x' })).rejects.toThrow('HTTP 502');
});
