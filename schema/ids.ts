import { GraphQLError } from 'graphql';

/** The types whose objects have an opaque id. A test compares them with the schema. */
const NODES = [
  'ApiKey',
  'Artifact',
  'AuditEntry',
  'Baseline',
  'Check',
  'Dataset',
  'DatasetCheck',
  'Evaluation',
  'EvaluationSet',
  'EvaluationSetItem',
  'Finding',
  'ImportSession',
  'Invitation',
  'Prediction',
  'RenderPreview',
  'Run',
  'Runner',
  'Trace',
  'TraceScore',
  'User',
];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Takes an opaque id apart (base64 of `Type:uuid`).
 * @throws GraphQLError with code BAD_ID when it is not one of ours.
 */
export function decodeGlobalId(globalId: string): { typename: string; id: string } {
  const [typename = '', id = '', ...rest] = Buffer.from(globalId, 'base64')
    .toString('utf8')
    .split(':');
  if (!NODES.includes(typename) || !UUID.test(id) || rest.length > 0) {
    throw new GraphQLError('This is not an id of this system. Copy the `id` of an object.', {
      extensions: { code: 'BAD_ID' },
    });
  }
  return { typename, id };
}

/** Whether a text is an opaque id of one of our types; there may be no such object. */
export const isGlobalId = (id: string): boolean =>
  NODES.some((typename) => !UUID.test(id) && localId(typename, id) !== null);

/**
 * The uuid in an opaque id of the given type, or of a plain uuid; null for anything else, which
 * the caller reports as not found.
 */
export function localId(typename: string, id: string): string | null {
  if (UUID.test(id)) return id;
  const [type, uuid = ''] = Buffer.from(id, 'base64').toString('utf8').split(':');
  return type === typename && UUID.test(uuid) ? uuid : null;
}

/**
 * The uuid as `localId` finds it, or one that no row has: for reads that must make their query to
 * answer null.
 */
export const idOrNone = (typename: string, id: string): string =>
  localId(typename, id) ?? '00000000-0000-0000-0000-000000000000';

/** The opaque id of an object. */
export const globalId = (typename: string, uuid: string): string =>
  Buffer.from(`${typename}:${uuid}`).toString('base64');
