/** The one route that takes traces in bulk; notebooks and the command line use it too. */

import type { ImportFormat, TraceMappingInput } from '../gql/graphql.ts';
import { CLIENT_HEADERS } from '../lib/identity.ts';
import { isObject } from '../lib/isObject.ts';
import { fetchSignedIn } from '../lib/session.ts';
import { serverPaths } from '../paths.ts';
import type { ImportFile } from './importFile.ts';
import type { SendAnswer } from './sendImport.ts';

export type ImportOptions = {
  source: string;
  tags: readonly string[];
  format: ImportFormat;
  mapping: TraceMappingInput | undefined;
};

/** Errors the import itself carries: its session tells the rest. */
const ENDED = ['IMPORT_CANCELLED', 'TOO_MANY_ERRORS'];

/** Sends the part of a file that begins at `offset` under the key of its import. */
export async function postImport(
  file: ImportFile,
  options: ImportOptions,
  at: { key: string; body: Blob; offset: number; signal: AbortSignal },
): Promise<SendAnswer> {
  const url = serverPaths.importTraces({
    key: at.key,
    offset: at.offset || undefined,
    name: file.name,
    source: options.source,
    tag: options.tags,
    format: options.format === 'AUTO' ? undefined : options.format,
    mapping: options.mapping && JSON.stringify(options.mapping),
    // The unpacked size of a packed file is known to nobody yet.
    size: file.isGzip ? undefined : file.blob.size,
  });
  const headers = {
    ...CLIENT_HEADERS,
    'content-type': 'application/x-ndjson',
    ...(file.isGzip && { 'content-encoding': 'gzip' }),
  };
  const response = await fetchSignedIn(url, {
    method: 'POST',
    headers,
    body: at.body,
    signal: at.signal,
  }).catch(() => undefined);
  if (!response) return { kind: 'lost' };
  if (response.ok) return { kind: 'answered' };
  const answer: unknown = await response.json().catch(() => undefined);
  const error = isObject(answer) && isObject(answer.error) ? answer.error : {};
  if (typeof error.code === 'string' && ENDED.includes(error.code)) return { kind: 'answered' };
  // A proxy or a restart, not a verdict.
  if (response.status >= 500) return { kind: 'lost' };
  const message = typeof error.message === 'string' ? error.message : '';
  return {
    kind: 'refused',
    message: message || `The import was refused (HTTP ${response.status}).`,
  };
}
