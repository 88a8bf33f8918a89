import type { ServerResponse } from 'node:http';

/** Answers with JSON; `message` fields are for people. */
export function json(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

/** Answers an error in the one shape that all routes beside GraphQL share. */
export const fail = (response: ServerResponse, status: number, code: string, message: string) =>
  json(response, status, { error: { code, message } });
