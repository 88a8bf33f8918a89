/**
 * graphql-ws sends the identical payload again after a reconnect. Moving `variables.after` on a
 * private copy with every event makes that retry continue exactly where the stream stopped.
 */
type Variables = Record<string, unknown>;
type Payload = { query: string; variables?: Variables | null; extensions?: Variables | null };

export type Resumable = { query: string; variables: Variables; extensions?: Variables | null };

export const resumable = (payload: Payload): Resumable => ({
  ...payload,
  variables: { ...payload.variables },
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The cursor an event of a stream moves to, if it moves it. */
export function cursorOf(event: unknown): string | undefined {
  if (!isObject(event)) return undefined;
  switch (event.__typename) {
    case 'LogBatch':
      return typeof event.lastSeq === 'string' ? event.lastSeq : undefined;
    case 'RunEventNotice': {
      const seq = isObject(event.event) ? event.event.seq : undefined;
      return typeof seq === 'string' ? seq : undefined;
    }
    default:
      return undefined;
  }
}

/** Notes what arrived, so that the next send asks only for what comes after it. */
export function advance(payload: Resumable, result: unknown): void {
  // `after: null` is a cursor too: it means from the start.
  if (!('after' in payload.variables) || !isObject(result)) return;
  for (const event of Object.values(result)) {
    const cursor = cursorOf(event);
    if (cursor === undefined) continue;
    const before = payload.variables.after;
    // A replayed batch must never move the cursor back.
    if (typeof before === 'string' && BigInt(before) >= BigInt(cursor)) continue;
    payload.variables.after = cursor;
  }
}
