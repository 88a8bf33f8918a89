import { expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { secretsOf } from './secrets.ts';

test('every secret of the settings is known, and no short word', () => {
  const judge = { name: 'llm', kind: 'OPENAI', url: 'http://localhost', model: 'm' };
  const config = readConfig({
    HF_TOKEN: 'token of the hub',
    RUNNER_TOKEN: 'token of a runner',
    DATABASE_URL: 'postgresql://user:p%40ssword@host/db',
    JUDGE_ENDPOINTS: JSON.stringify([{ ...judge, apiKey: 'key of a judge' }]),
    ARTIFACT_STORE: 's3',
    S3_BUCKET: 'bucket',
    S3_ACCESS_KEY_ID: 'key id',
    S3_SECRET_ACCESS_KEY: 'key of the store',
    REDACT: 'another one, short',
  });
  expect(secretsOf(config).toSorted()).toEqual([
    'another one',
    'key of a judge',
    'key of the store',
    'p@ssword',
    'token of a runner',
    'token of the hub',
  ]);
  expect(secretsOf(readConfig({}))).toEqual([]);
});
