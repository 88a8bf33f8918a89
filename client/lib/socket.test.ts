import { expect, it, vi } from 'vitest';
import { CLIENT_HEADERS } from './identity.ts';

const createClient = vi.hoisted(() => vi.fn(() => ({ subscribe: vi.fn() })));
vi.mock('graphql-ws/client', () => ({ createClient }));

it('says in its first message which program it is, as requests say in a header', async () => {
  const page = Object.assign(new EventTarget(), { location: {} });
  vi.stubGlobal('window', page);
  await import('./socket.ts');
  await expect.poll(() => createClient.mock.lastCall).toBeDefined();
  expect(createClient).toHaveBeenCalledWith(
    expect.objectContaining({
      connectionParams: { client: CLIENT_HEADERS['x-graphql-client-name'] },
    }),
  );
});
