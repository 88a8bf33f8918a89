/** A real server that speaks S3 and checks keys, with one bucket and one user. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { readConfig } from '../server/config.ts';
import { pythonWith } from './python.ts';

export const BUCKET = 'tunix-rt';

export type S3Server = AsyncDisposable & {
  readonly url: string;
  /** Another client than the one under test. */
  readonly client: S3Client;
  /** The settings of a store in the bucket; each prefix is a store of its own. */
  settings(prefix: string): Record<string, string>;
};

/** Starts the server; what it has is gone with it. */
export async function startS3(): Promise<S3Server> {
  const python = await pythonWith('e2e/python/requirements-s3.txt');
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-s3-'));
  const child = python.start(['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], dir);
  let printed = '';
  let url: string | undefined;
  for await (const chunk of child.stderr ?? []) {
    printed += String(chunk);
    url = /Running on (http:\S+)/.exec(printed)?.[1];
    if (url) break;
  }
  if (!url) throw new Error(`the S3 server did not start:\n${printed}`);
  const endpoint = url;
  const credentials = await makeUser(endpoint);
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
  });
  const { CreateBucketCommand } = await import('@aws-sdk/client-s3');
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    url: endpoint,
    client,
    settings: (prefix) => ({
      ARTIFACT_STORE: 's3',
      S3_ENDPOINT: endpoint,
      S3_BUCKET: BUCKET,
      S3_PREFIX: prefix,
      S3_ACCESS_KEY_ID: credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    }),
    async [Symbol.asyncDispose]() {
      client.destroy();
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Makes a user who may do everything with S3; from then on the server refuses everybody else. */
async function makeUser(url: string) {
  const ask = async (parameters: Record<string, string>): Promise<string> => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        // What the request is for is read from here, as of a signed one.
        authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request',
      },
      body: new URLSearchParams({ ...parameters, UserName: 'tunix', Version: '2010-05-08' }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the S3 server refused ${parameters.Action}: ${text}`);
    return text;
  };
  await ask({ Action: 'CreateUser' });
  const Statement = [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }];
  await ask({
    Action: 'PutUserPolicy',
    PolicyName: 'all',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  const made = await ask({ Action: 'CreateAccessKey' });
  const find = (tag: string) => new RegExp(`<${tag}>([^<]+)`).exec(made)?.[1] ?? '';
  await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: '0' });
  return { accessKeyId: find('AccessKeyId'), secretAccessKey: find('SecretAccessKey') };
}

/** The store of some settings as the system reads them. */
export const storeSettings = (env: Record<string, string>) => {
  const { store } = readConfig(env).artifacts;
  if (store.kind !== 's3') throw new Error('these are no settings of S3');
  return store;
};
