/**
 * One keep-alive HTTP/1.1 connection that sends prepared bytes. Several times cheaper than a general
 * client, so that on a small machine the load generator takes little from what it measures.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type Answer = { status: number; body: Buffer };

export type Connection = Disposable & {
  /** One request at a time. Rejects when the connection ends. */
  send(request: Buffer): Promise<Answer>;
};

const HEAD_END = '\r\n\r\n';

/** A request as bytes; the length of the body is fixed with it. */
export function requestBytes(
  url: URL,
  method: 'GET' | 'POST',
  body: Buffer | string = '',
  type = 'application/json',
): Buffer {
  const head = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Accept: application/json',
    ...(method === 'POST'
      ? [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`]
      : []),
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n') + HEAD_END), Buffer.from(body)]);
}

export async function openConnection(url: URL): Promise<Connection> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await once(socket, 'connect');
  return overSocket(socket);
}

function overSocket(socket: Socket): Connection {
  let waiting: PromiseWithResolvers<Answer> | undefined;
  let received: Buffer = Buffer.alloc(0);
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (!answer || !waiting) return;
    received = Buffer.alloc(0);
    const { resolve } = waiting;
    waiting = undefined;
    resolve(answer);
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  return {
    send(request) {
      if (waiting) throw new Error('the connection is busy');
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** The answer when all of it is there. */
export function readAnswer(bytes: Buffer): Answer | null {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return null;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const rest = bytes.subarray(end + HEAD_END.length);
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) {
    return rest.length < Number(length) ? null : { status, body: rest };
  }
  if (/^transfer-encoding: *chunked/im.test(head)) {
    const body = joinChunks(rest);
    return body && { status, body };
  }
  return { status, body: rest };
}

function joinChunks(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line === -1) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const start = line + 2;
    if (bytes.length < start + size + 2) return null;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
