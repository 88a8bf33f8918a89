import type { ServerResponse } from 'node:http';

/** Answers with JSON; `message` fields are for people. */
export function json(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Answers an error in the one shape that all routes beside GraphQL share. */
export function fail(response: ServerResponse, status: number, code: string, message: string) {
  const requestId = response.getHeader('x-request-id');
  json(response, status, { error: { code, message, requestId } });
}
