/** The settings of the artifact store, for `config.ts`, and what of them does not go together. */
import { resolve } from 'node:path';
import { z } from 'zod';
import type { S3Settings } from './s3Faults.ts';

/** A part that is `.` or `..` would be a name to some servers and a way to others. */
const prefix = z
  .string()
  .regex(/^[A-Za-z0-9!_.*'()/-]*$/, "may hold letters, digits and ! - _ . * ' ( ) /")
  .refine((text) => !/(^|\/)\.{1,2}(\/|$)/.test(text), { message: 'has a part that is . or ..' })
  .transform((text) =>
    text
      .split('/')
      .filter(Boolean)
      .map((part) => `${part}/`)
      .join(''),
  );

export const artifactSettings = {
  ARTIFACT_STORE: z
    .enum(['directory', 's3'])
    .default('directory')
    .describe('`directory` is `DATA_DIR/artifacts`'),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('URL of a server that speaks S3; AWS itself without'),
  S3_BUCKET: z.string().min(3).max(63).optional().describe('the bucket, which must be there'),
  S3_REGION: z.string().min(1).optional().describe('its region; `us-east-1` when not set'),
  S3_PREFIX: prefix
    .optional()
    .describe('what the names of objects begin with, for a bucket that others use too'),
  S3_ACCESS_KEY_ID: z
    .string()
    .min(1)
    .optional()
    .describe('key; without, the credentials of the machine as AWS clients find them'),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe('its secret'),
  S3_FORCE_PATH_STYLE: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe(
      '`true` puts the bucket into the path instead of the host name; so it is with an endpoint',
    ),
  ARTIFACT_WAIT_SECONDS: z.coerce
    .number()
    .min(1)
    .max(86_400)
    .default(600)
    .describe('how long a finished training waits for a store that is away'),
  CHECKPOINTS_KEPT: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(3)
    .describe(
      'newest checkpoints of each run that are kept; those that other runs began with are, too',
    ),
  CHECKPOINT_RETENTION_DAYS: z.coerce
    .number()
    .min(0)
    .max(36_500)
    .default(0)
    .describe(
      'days after its end at which a run gives up all its checkpoints; 0 keeps them, and so does being a ' +
        'baseline',
    ),
  ARTIFACT_RETENTION_DAYS: z.coerce
    .number()
    .min(0)
    .max(36_500)
    .default(0)
    .describe(
      'days after its end at which a run gives up its other files, the exported model among them; 0 ' +
        'keeps them, and so does being a baseline',
    ),
};

const shape = z.object(artifactSettings);
type Settings = z.output<typeof shape>;

/** Reports what does not go together, each under the setting to change. */
export function checkArtifacts(e: Settings, context: z.RefinementCtx): void {
  const fault = (name: keyof Settings, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (e.ARTIFACT_STORE === 'directory') {
    const names = Object.keys(e) as (keyof Settings)[];
    for (const name of names.filter((each) => each.startsWith('S3_'))) {
      fault(name, 'is of no use while ARTIFACT_STORE is directory. Set it to s3, or remove this');
    }
    return;
  }
  if (!e.S3_BUCKET) fault('S3_BUCKET', 'is needed for ARTIFACT_STORE=s3');
  if (!e.S3_ACCESS_KEY_ID !== !e.S3_SECRET_ACCESS_KEY) {
    const other = e.S3_ACCESS_KEY_ID ? 'S3_SECRET_ACCESS_KEY' : 'S3_ACCESS_KEY_ID';
    fault(
      other,
      'goes with the other key. Set both, or neither for the credentials of the machine',
    );
  }
}

/** The checked settings as the system uses them. */
export function readArtifacts(e: Settings, dataDir: string) {
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = e;
  const s3: { kind: 's3' } & S3Settings = {
    kind: 's3',
    endpoint: e.S3_ENDPOINT ?? null,
    bucket: e.S3_BUCKET ?? '',
    region: e.S3_REGION ?? 'us-east-1',
    prefix: e.S3_PREFIX ?? '',
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
    // Servers of one's own seldom have a host name for each bucket.
    forcePathStyle: e.S3_FORCE_PATH_STYLE ?? e.S3_ENDPOINT !== undefined,
  };
  return {
    store:
      e.ARTIFACT_STORE === 's3'
        ? s3
        : { kind: 'directory' as const, dir: resolve(dataDir, 'artifacts') },
    /** How long the end of an attempt waits for a store that is away. */
    waitSeconds: e.ARTIFACT_WAIT_SECONDS,
    /** Of each run, the newest. */
    checkpointsKept: e.CHECKPOINTS_KEPT,
    /** After the end of the run; 0 keeps them. */
    checkpointDays: e.CHECKPOINT_RETENTION_DAYS,
    /** The same for all other files. */
    fileDays: e.ARTIFACT_RETENTION_DAYS,
  };
}
