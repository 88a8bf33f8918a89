import { expect, test } from 'vitest';
import { readAnswer, requestBytes } from './connection.ts';

const whole = [
  ['a length', 'HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello', 201, 'hello'],
  ['no content', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 200, ''],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n',
    200,
    'hello',
  ],
] as const;

test.each(whole)(
  'an answer with %s is read when all of it is there',
  (_name, text, status, body) => {
    const found = readAnswer(Buffer.from(text));
    expect([found?.status, found?.body.toString()]).toEqual([status, body]);
  },
);

test.each(whole)('no part of an answer with %s is taken for it', (_name, text) => {
  for (let length = 0; length < text.length; length += 1) {
    expect(readAnswer(Buffer.from(text.slice(0, length)))).toBeNull();
  }
});

test('the length of a request counts bytes', () => {
  const bytes = requestBytes(new URL('http://localhost:1/a?b=c'), 'POST', 'é');
  expect(bytes.toString()).toMatch(/^POST \/a\?b=c HTTP\/1\.1\r\nHost: localhost:1\r\n/);
  expect(bytes.toString()).toContain('Content-Length: 2\r\n\r\né');
});
