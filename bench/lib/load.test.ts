import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { requestBytes } from './connection.ts';
import { closedLoop, openLoop, type Target } from './load.ts';

const server = createServer();

afterEach(() => {
  server.removeAllListeners('request');
  server.closeAllConnections();
  server.close();
});

/** A server and requests numbered in their path; `seen` are the numbers that came back right. */
async function serve(answer: (response: ServerResponse, number: number) => void) {
  server.on('request', (request, response) => answer(response, Number(request.url?.slice(1))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const seen: number[] = [];
  const target: Target = {
    url,
    request: (index) => requestBytes(new URL(`/${index}`, url), 'GET'),
    check({ status, body }, index) {
      expect([status, body.toString()]).toEqual([200, `answer ${index}`]);
      seen.push(index);
    },
  };
  return { target, seen };
}

test('a closed loop has as many requests at once as clients, each answered once', async () => {
  let now = 0;
  let most = 0;
  const { target, seen } = await serve((response, number) => {
    now += 1;
    most = Math.max(most, now);
    setImmediate(() => {
      now -= 1;
      response.end(`answer ${number}`);
    });
  });
  const found = await closedLoop(target, { clients: 3, seconds: 0.1 });
  expect(most).toBeLessThanOrEqual(3);
  expect(found.count).toBe(seen.length);
  expect(seen.toSorted((a, b) => a - b)).toEqual(seen.map((_, index) => index));
});

test('an open loop sends on while earlier requests wait, and their wait counts', async () => {
  const held: [ServerResponse, number][] = [];
  const { target, seen } = await serve((response, number) => {
    held.push([response, number]);
    if (held.length === 40) for (const [each, at] of held) each.end(`answer ${at}`);
  });
  const found = await openLoop(target, { rate: 400, seconds: 0.1 });
  expect(found.count).toBe(40);
  expect(seen).toHaveLength(40);
  // The first was due 97.5 ms before the one that released all.
  expect(found.maxMs).toBeGreaterThan(95);
});

test('a wrong answer ends either load', async () => {
  const { target } = await serve((response) => response.end('nonsense'));
  await expect(closedLoop(target, { clients: 2, seconds: 60 })).rejects.toThrow('nonsense');
  await expect(openLoop(target, { rate: 100, seconds: 60 })).rejects.toThrow('nonsense');
});
