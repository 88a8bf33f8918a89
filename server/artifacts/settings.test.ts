import { describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { childEnvironment, networkEnvironment } from '../tunix/command.ts';

const S3 = {
  ARTIFACT_STORE: 's3',
  S3_ENDPOINT: 'http://127.0.0.1:9000',
  S3_BUCKET: 'runs',
  S3_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  S3_SECRET_ACCESS_KEY: 'very-secret',
};

describe('the settings of the artifact store', () => {
  test('are a directory below DATA_DIR unless set', () => {
    expect(readConfig({ DATA_DIR: '/data' }).artifacts).toEqual({
      store: { kind: 'directory', dir: '/data/artifacts' },
      waitSeconds: 600,
      checkpointsKept: 3,
      checkpointDays: 0,
      fileDays: 0,
    });
  });

  test('name a bucket of a server, with paths for a server of one’s own', () => {
    const { store } = readConfig({ ...S3, S3_PREFIX: '/team//tunix/' }).artifacts;
    expect(store).toEqual({
      kind: 's3',
      endpoint: 'http://127.0.0.1:9000',
      bucket: 'runs',
      region: 'us-east-1',
      prefix: 'team/tunix/',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'very-secret' },
      forcePathStyle: true,
    });
    const aws = readConfig({ ARTIFACT_STORE: 's3', S3_BUCKET: 'runs', S3_REGION: 'eu-north-1' });
    expect(aws.artifacts.store).toMatchObject({
      endpoint: null,
      region: 'eu-north-1',
      prefix: '',
      credentials: null,
      forcePathStyle: false,
    });
  });

  test.for([
    [{ ARTIFACT_STORE: 's3' }, /is needed for ARTIFACT_STORE=s3\s+→ at S3_BUCKET/],
    [{ S3_BUCKET: 'runs' }, /Set it to s3, or remove this\s+→ at S3_BUCKET/],
    [{ ...S3, S3_SECRET_ACCESS_KEY: '' }, /goes with the other key.*\s+→ at S3_SECRET_ACCESS_KEY/],
    [{ ...S3, S3_ACCESS_KEY_ID: '' }, /goes with the other key.*\s+→ at S3_ACCESS_KEY_ID/],
    [{ ...S3, S3_ENDPOINT: 'ftp://x' }, /→ at S3_ENDPOINT/],
    [{ ...S3, S3_PREFIX: 'a/../b' }, /→ at S3_PREFIX/],
    [{ ARTIFACT_STORE: 'gcs' }, /→ at ARTIFACT_STORE/],
    [{ CHECKPOINTS_KEPT: '0' }, /→ at CHECKPOINTS_KEPT/],
  ] as const)('refuse %j', ([env, message]) => {
    expect(() => readConfig(env)).toThrow(message);
  });

  test('keep their secret out of messages and of every child', () => {
    try {
      readConfig({ ...S3, S3_BUCKET: '' });
    } catch (error) {
      expect(String(error)).toContain('S3_BUCKET');
      expect(String(error)).not.toContain('very-secret');
    }
    expect.assertions(4);
    const config = readConfig(S3);
    for (const environment of [childEnvironment(config), networkEnvironment(config)]) {
      expect(JSON.stringify(environment)).not.toMatch(/very-secret|AKIDEXAMPLE|S3_/);
    }
  });
});
