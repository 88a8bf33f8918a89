import { beforeEach, expect, it, vi } from 'vitest';

const OUT =
  '{"errors":[{"message":"Sign in.","extensions":{"code":"UNAUTHENTICATED"}}],"data":null}';
const asJson = (text: string, status = 200) =>
  new Response(text, { status, headers: { 'content-type': 'application/json' } });

/** A page that was just opened, and a server that gives these answers one after the other. */
async function open(...answers: Response[]) {
  vi.resetModules();
  const replace = vi.fn();
  const ask = vi.fn(async () => answers.shift() ?? asJson('{"data":{}}'));
  vi.stubGlobal('fetch', ask);
  vi.stubGlobal('location', { pathname: '/runs/7', search: '?tab=logs', hash: '#L3', replace });
  return { ...(await import('./session.ts')), ask, replace };
}

beforeEach(() => void vi.unstubAllGlobals());

it('goes to the sign-in page, and back to where it was, when it was never let in', async () => {
  const { fetchSignedIn, replace } = await open(asJson(OUT));
  void fetchSignedIn('/graphql');
  await expect
    .poll(() => replace.mock.lastCall)
    .toEqual(['/sign-in?next=%2Fruns%2F7%3Ftab%3Dlogs%23L3']);
});

it('stays where it is when the session ends in use, and asks again after a sign-in', async () => {
  const { fetchSignedIn, session, ask, replace } = await open(asJson(OUT), asJson('{"data":1}'));
  session.begin('ada@example.org');
  const answer = fetchSignedIn('/graphql');
  await expect.poll(session.get).toEqual({ kind: 'lost', email: 'ada@example.org' });
  expect(ask).toHaveBeenCalledTimes(1);
  session.begin('ada@example.org');
  expect(await (await answer).json()).toEqual({ data: 1 });
  expect(replace).not.toHaveBeenCalled();
});

it('knows a route beside GraphQL by its status, and hands on every other answer unread', async () => {
  const { fetchSignedIn, session } = await open(asJson('{}', 401), asJson('{"error":{}}', 403));
  session.begin(null);
  const answer = fetchSignedIn('/import/traces', { method: 'POST', body: 'x' });
  await expect.poll(() => session.get().kind).toBe('lost');
  session.begin(null);
  expect((await answer).status).toBe(403);
  expect(await (await answer).text()).toBe('{"error":{}}');
});

it.each([
  ['{"signedIn":false}', 'lost'],
  ['{"signedIn":true}', 'in'],
  ['no answer of this server', 'in'],
])('believes %s about a session before it connects again', async (text, kind) => {
  const { session } = await open(asJson(text));
  session.begin('ada@example.org');
  void session.confirm();
  await new Promise((resolve) => setTimeout(resolve));
  expect(session.get().kind).toBe(kind);
});

it('asks nothing about a session where nobody has to sign in', async () => {
  const { session, ask } = await open();
  session.begin(null);
  await session.confirm();
  expect(ask).not.toHaveBeenCalled();
});

it('takes what somebody stored for no word of the server', async () => {
  const stored = '{"data":{"trace":{"meta":{"errors":[{"code":"UNAUTHENTICATED"}]}}}}';
  const { fetchSignedIn, session } = await open(asJson(stored));
  session.begin('ada@example.org');
  expect(await (await fetchSignedIn('/graphql')).text()).toBe(stored);
  expect(session.get().kind).toBe('in');
});

it('lets wait what needs a session until there is one', async () => {
  const { session } = await open();
  const opened = vi.fn();
  const waits = session.whenIn().then(opened);
  await Promise.resolve();
  expect(opened).not.toHaveBeenCalled();
  session.begin('ada@example.org');
  await waits;
  expect(opened).toHaveBeenCalled();
});
