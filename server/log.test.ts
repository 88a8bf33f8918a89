import { expect, test } from 'vitest';
import { keepLog } from './test/logLines.ts';

const SECRET = 'trt_k_very-secret';

test.for([
  { authorization: SECRET },
  { headers: { authorization: SECRET, cookie: SECRET, 'set-cookie': [SECRET] } },
  { request: { headers: { authorization: SECRET, cookie: SECRET, 'set-cookie': SECRET } } },
  { password: SECRET, token: SECRET, secret: SECRET },
  { input: { password: SECRET, token: SECRET, secret: SECRET } },
])('a line does not tell a secret: %j', (fields) => {
  const { log, text } = keepLog();
  log.info(fields, 'said');
  log.child(fields).info('said');
  expect(text).toHaveLength(2);
  expect(text.join('')).not.toContain(SECRET);
});

test('an error of the database does not tell its connection', () => {
  const { log, lines } = keepLog();
  const err = Object.assign(new Error('lost'), {
    code: '57P01',
    client: { secretKey: 1117741004 },
  });
  log.warn({ err }, 'said');
  expect(lines()[0]).toMatchObject({ err: { message: 'lost', code: '57P01' } });
  expect(lines()[0]).not.toHaveProperty('err.client');
});

test('a line tells what is no secret', () => {
  const { log, lines } = keepLog();
  log.info({ headers: { accept: 'text/html' }, requestId: 'r' }, 'said');
  expect(lines()[0]).toMatchObject({ headers: { accept: 'text/html' }, requestId: 'r' });
});
