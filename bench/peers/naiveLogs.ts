/**
 * Logs over GraphQL subscriptions as tutorials have it: Yoga's pub/sub, graphql-ws, an execution for
 * each subscriber and each message, a list of lines in each. Publishes 1000 lines a second by itself.
 * With RAW=1 the floor instead: the same lines as one prepared frame for everybody, by `ws` alone.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { logLine } from '../lib/logLines.ts';

const EVERY_MS = 25;
const LINES = 25;

type Line = { seq: number; stream: string; text: string };
type Batch = { __typename: string; firstSeq: number; lastSeq: number; lines: Line[]; text: string };

const pubSub = createPubSub<{ logs: [Batch | null] }>();
const clock = () => performance.timeOrigin + performance.now();

const line = new GraphQLObjectType<Line>({
  name: 'LogLine',
  fields: {
    seq: { type: GraphQLInt },
    stream: { type: GraphQLString },
    text: { type: GraphQLString },
  },
});
const batch = new GraphQLObjectType<Batch>({
  name: 'LogBatch',
  fields: {
    firstSeq: { type: GraphQLInt },
    lastSeq: { type: GraphQLInt },
    text: { type: GraphQLString, resolve: ({ lines }) => lines[0]?.text },
    lines: { type: new GraphQLList(line) },
  },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { ok: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      runLogs: {
        type: batch,
        async *subscribe() {
          for await (const found of pubSub.subscribe('logs')) {
            if (!found) return;
            yield { runLogs: found };
          }
        },
      },
    },
  }),
});

const server = createServer();
const sockets = new WebSocketServer({ server });
if (!process.env.RAW) useServer({ schema }, sockets);

let seq = 0;
function publish(): void {
  const text = `${clock().toFixed(3)} ${logLine(seq)}`;
  const lines = Array.from({ length: LINES }, (_, index): Line => {
    const one = index === 0 ? text : logLine(seq + index);
    return { seq: seq + index + 1, stream: 'STDOUT', text: one };
  });
  const found = { __typename: 'LogBatch', firstSeq: seq + 1, lastSeq: seq + LINES, lines, text };
  seq += LINES;
  if (process.env.RAW) send({ type: 'next', payload: { data: { runLogs: found } } });
  else pubSub.publish('logs', found);
}

function send(message: object): void {
  const frame = JSON.stringify(message);
  for (const socket of sockets.clients) socket.send(frame);
}

/** Begins when told how long, so that everybody is there. */
process.on('message', (seconds: number) => {
  const begin = performance.now();
  const timer = setInterval(() => {
    const due = (Math.min(performance.now() - begin, seconds * 1000) / EVERY_MS) * LINES;
    while (seq + LINES <= due) publish();
    if (performance.now() - begin < seconds * 1000) return;
    clearInterval(timer);
    if (process.env.RAW) send({ type: 'complete' });
    else pubSub.publish('logs', null);
    process.send?.({ lines: seq });
  }, 5);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.once('SIGTERM', () => process.exit());
