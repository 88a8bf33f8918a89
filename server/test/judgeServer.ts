/**
 * Stands in for a language model that judges, which no test machine has: a real HTTP server that
 * speaks both protocols (`/generate` and `/chat/completions`) and misbehaves when asked to.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

type Asked = { path: string; prompt: string; headers: IncomingMessage['headers'] };

/** What to do with one request: the text to reply with, or a way to misbehave. */
export type Behaviour =
  | { reply: string }
  | { status: number; headers?: Record<string, string> }
  | { misbehave: 'HANG' | 'DRIP' | 'ENDLESS' | 'NOT_JSON' | 'OTHER_SHAPE' | 'RESET' };

export type JudgeServer = Awaited<ReturnType<typeof startJudgeServer>>;

/** Starts it on a free loopback port; `behave` decides on each request. */
export async function startJudgeServer(behave: (asked: Asked) => Behaviour) {
  const asked: Asked[] = [];
  let active = 0;
  let mostActive = 0;
  const server = createServer((request, response) => {
    active += 1;
    mostActive = Math.max(mostActive, active);
    response.on('close', () => {
      active -= 1;
    });
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = (await json(request)) as {
      prompt?: string;
      messages?: { content: string }[];
    };
    const path = request.url ?? '';
    const prompt = body.prompt ?? body.messages?.[0]?.content ?? '';
    asked.push({ path, prompt, headers: request.headers });
    const behaviour = behave({ path, prompt, headers: request.headers });
    if ('reply' in behaviour) {
      const { reply } = behaviour;
      const usage = { prompt_tokens: prompt.length, completion_tokens: reply.length };
      const shape = path.endsWith('/generate')
        ? { text: reply }
        : { choices: [{ message: { role: 'assistant', content: reply } }], usage };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(shape));
    } else if ('status' in behaviour) {
      response.writeHead(behaviour.status, behaviour.headers).end('{"secret": "of the server"}');
    } else {
      misbehave(response, behaviour.misbehave);
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** The most requests that were under way at one time. */
    get mostActive() {
      return mostActive;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function misbehave(response: ServerResponse, how: string): void {
  switch (how) {
    case 'HANG':
      return;
    case 'RESET':
      response.socket?.resetAndDestroy();
      return;
    case 'NOT_JSON':
      response.end('<html>busy</html>');
      return;
    case 'OTHER_SHAPE':
      response.end('{"choices": []}');
      return;
    case 'DRIP': {
      // A byte now and then keeps the connection alive for ever.
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
      return;
    }
    default: {
      const part = Buffer.alloc(256 * 1024, 0x20);
      const more = () => {
        while (response.write(part));
      };
      response.on('drain', more);
      more();
    }
  }
}
