import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from './rig.ts';

type Message = { type: string; id?: string; payload?: unknown };

/** A socket that speaks graphql-transport-ws by hand, with headers as a browser sends them. */
export async function connect(
  url: string,
  protocol = 'graphql-transport-ws',
  headers: Record<string, string> = {},
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol, { headers });
  const received: Message[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code]: unknown[]) => code);
  await once(socket, 'open');
  return {
    received,
    closed,
    send: (message: Message | string) =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    close: () => socket.close(),
    /** Waits for a message of a type, for an operation if one is named. */
    next: (type: string, id?: string) =>
      until(async () => received.find((each) => each.type === type && each.id === id)),
  };
}

/** One that is let in. */
export async function connectAndInit(url: string) {
  const socket = await connect(url);
  socket.send({ type: 'connection_init' });
  await socket.next('connection_ack');
  return socket;
}
