/** What the errors of an S3 client mean for whoever runs the system. */
import { UnavailableError } from '../errors.ts';
import { BrokenObjectError, StoreAwayError } from './faults.ts';

export type S3Settings = {
  /** Null for AWS itself. */
  endpoint: string | null;
  bucket: string;
  region: string;
  /** Ends with `/` unless it is empty. */
  prefix: string;
  /** Null for those the machine has. */
  credentials: { accessKeyId: string; secretAccessKey: string } | null;
  forcePathStyle: boolean;
};

type Shape = { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };

const REFUSED = [
  'AccessDenied',
  'CredentialsProviderError',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
];

/** Faults of the way there; those of our own disk have other codes. */
const NETWORK =
  /^(ECONN|EHOST|ENET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ERR_TLS|ERR_SSL|ERR_STREAM_PREMATURE|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|TimeoutError)/;

/** Whether an error says that there is no such object; a bucket that is missing is another matter. */
export const isMissing = (error: unknown): boolean => {
  const { name, $metadata } = error as Shape;
  return name === 'NoSuchKey' || (name === 'NotFound' && $metadata?.httpStatusCode === 404);
};

/** The fault of the store that an error stands for, or the error itself when it is none of the store. */
export function awayOr(settings: S3Settings, error: unknown): unknown {
  if (error instanceof UnavailableError || error instanceof BrokenObjectError) return error;
  const { name = '', code, $metadata } = error as Shape;
  const status = $metadata?.httpStatusCode;
  const where = `${settings.endpoint ?? 'AWS'}, bucket "${settings.bucket}"`;
  if (name === 'AbortError') return error;
  if (name === 'NoSuchBucket') {
    return new StoreAwayError(
      `The artifact store has no such bucket (${where}).`,
      'Create it, or set S3_BUCKET to one that is there.',
    );
  }
  if (REFUSED.includes(name) || status === 401 || status === 403) {
    return new StoreAwayError(
      `The artifact store refuses the keys (${where}: ${name}).`,
      'Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION, and that they may read, write, ' +
        'list and delete in the bucket.',
    );
  }
  if (status === undefined && !NETWORK.test(code ?? name)) return error;
  return new StoreAwayError(
    `The artifact store does not answer as it should (${where}: ${code ?? name}).`,
    'Check that it runs and that S3_ENDPOINT is right.',
  );
}
