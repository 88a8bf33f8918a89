import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openRejections } from '../limits/rejections.ts';
import { endSlowBody, timeouts } from './slow.ts';

/** A server that waits for the body and answers `done`; what a peer gets that sends these bytes. */
async function answerTo(bytes: string, settings: object, patienceMs = 200) {
  const rejections = openRejections();
  const server = createServer(settings, (request, response) => {
    endSlowBody({ rejections }, request, patienceMs);
    request.resume().once('end', () => response.end('done'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  const answer = await text(socket).catch((error: NodeJS.ErrnoException) => error.code);
  server.close();
  server.closeAllConnections();
  return { answer, slow: rejections.read().get('TOO_SLOW') };
}

const POST = 'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 4\r\n\r\n';

describe('a peer that sends too slowly', () => {
  test('has its connection ended in the middle of a body, and is counted', async () => {
    expect(await answerTo(`${POST}ab`, timeouts)).toEqual({ answer: '', slow: 1 });
  });

  test('is not one that has sent all', async () => {
    expect(await answerTo(`${POST}abcd`, timeouts)).toMatchObject({
      answer: expect.stringMatching(/done$/),
      slow: 0,
    });
  });

  test('is answered 408 in the middle of the headers', async () => {
    const quick = { ...timeouts, headersTimeout: 200, connectionsCheckingInterval: 50 };
    const { answer } = await answerTo('GET / HTTP/1.1\r\nHost: local', quick);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('has a limit for the headers though a whole request has none', () => {
    const server = createServer(timeouts);
    expect(server.headersTimeout).toBe(20_000);
    expect(server.requestTimeout).toBe(0);
  });
});
