import { afterEach, describe, expect, it, vi } from 'vitest';

const HASH = 'a'.repeat(64);
const TEXT = 'query Page_Query{runs{totalCount}}';
const named = { persistedQuery: { version: 1, sha256Hash: HASH } };

/** A page that has just been loaded. */
async function load() {
  vi.resetModules();
  const page = await import('./persisted.ts');
  expect(page.persisted(TEXT, HASH)).toBe(TEXT);
  return page;
}

afterEach(() => vi.restoreAllMocks());

const answer = (status: number) => Promise.resolve(new Response('{}', { status }));

describe('an operation', () => {
  it('goes as the hash of its document', async () => {
    const { hashExtension } = await load();
    expect(hashExtension(TEXT)).toEqual(named);
  });

  it('goes as its text where the build knows no hash', async () => {
    const { hashExtension } = await load();
    expect(hashExtension('query Other_Query{runs{totalCount}}')).toBeUndefined();
  });

  it('keeps what else is said beside the hash', async () => {
    const { withHash } = await load();
    const { createRequest, makeOperation } = await import('urql');
    const request = createRequest(TEXT, { a: 1 }, { other: true });
    const operation = makeOperation('query', request, { url: '/', requestPolicy: 'network-only' });
    expect(withHash(operation)).toMatchObject({
      kind: 'query',
      key: operation.key,
      variables: { a: 1 },
      extensions: { other: true, ...named },
    });
  });
});

describe('a server of another build', () => {
  it('is sent the text at once, and from then on', async () => {
    const { fetchPersisted, hashExtension } = await load();
    const extensions = { ...hashExtension(TEXT), other: true };
    const statuses = [404, 200];
    const next = vi.fn<typeof fetch>(() => answer(statuses.shift() ?? 500));
    const body = JSON.stringify({ variables: { a: 1 }, extensions });
    const response = await fetchPersisted(next)('/graphql', { method: 'POST', body });
    expect(response.status).toBe(200);
    const [first, second] = next.mock.calls.map(([, init]) => JSON.parse(String(init?.body)));
    expect(first).toMatchObject({ extensions: named });
    expect(second).toEqual({ variables: { a: 1 }, extensions: { other: true }, query: TEXT });
    expect(hashExtension(TEXT)).toBeUndefined();
  });

  it('is not asked again for another reason', async () => {
    const { fetchPersisted, hashExtension } = await load();
    const body = JSON.stringify({ extensions: hashExtension(TEXT) });
    for (const [status, sent] of [
      [200, body],
      [429, body],
      [404, JSON.stringify({ query: TEXT })],
    ] as const) {
      const next = vi.fn<typeof fetch>(() => answer(status));
      expect((await fetchPersisted(next)('/graphql', { body: sent })).status).toBe(status);
      expect(next).toHaveBeenCalledOnce();
    }
  });

  it('is known on a socket by the code of its error', async () => {
    const { isMiss } = await load();
    expect(isMiss([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }])).toBe(true);
    for (const errors of [
      [],
      [{}],
      [{ extensions: { code: 'FORBIDDEN' } }],
      new Error('x'),
      null,
    ]) {
      expect(isMiss(errors)).toBe(false);
    }
  });
});
