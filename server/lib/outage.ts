/** Connection faults and the server's own "not now": classes 08, 53 and 57 of SQLSTATE. */
const CODE =
  /^((08|53|57)\w{3}|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|P1001|P1002|P1008|P1017|P2024)$/;
/** What an adapter of Prisma says where the server has said nothing. */
const KIND = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;
/** The server undid one of two transactions that waited for each other, or that have no order. */
const CONFLICT = /^(40P01|40001|P2034)$/;
const SAID =
  /connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|query read timeout|unable to start a transaction/i;

type Shape = {
  code?: unknown;
  originalCode?: unknown;
  kind?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
};

/** Whether an error, or one that it hides: Prisma has the server's in its meta, or in a cause that is no Error. */
function isAnyOf(error: unknown, isIt: (shape: Shape) => boolean): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const shape = error as Shape;
  const { cause, meta } = shape;
  return (
    isIt(shape) ||
    (cause !== error && isAnyOf(cause, isIt)) ||
    isAnyOf(meta?.driverAdapterError, isIt)
  );
}

/** Whether an error says that the database is away for a while, so that the same again may work. */
export const isOutage = (error: unknown): boolean =>
  isAnyOf(
    error,
    ({ code, originalCode, kind, message }) =>
      CODE.test(String(code)) ||
      CODE.test(String(originalCode)) ||
      KIND.test(String(kind)) ||
      SAID.test(String(message)),
  );

/**
 * Whether the database works and undid this transaction for the sake of another one, so that the same again
 * may work at once: what a migration that locks several tables may do to writes that are under way.
 */
export const isConflict = (error: unknown): boolean =>
  isAnyOf(
    error,
    ({ code, originalCode }) => CONFLICT.test(String(code)) || CONFLICT.test(String(originalCode)),
  );
