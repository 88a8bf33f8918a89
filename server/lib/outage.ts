/** Connection faults and the server's own "not now": classes 08, 53 and 57 of SQLSTATE. */
const CODE =
  /^((08|53|57)\w{3}|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|P1001|P1002|P1008|P1017|P2024)$/;
const SAID =
  /connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|query read timeout|unable to start a transaction/i;

type Shape = {
  code?: unknown;
  originalCode?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
};

/**
 * Whether an error says that the database is away for a while, so that the same again may work.
 * Prisma hides the server's code in `meta.driverAdapterError`, or in a cause that is no Error.
 */
export function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, originalCode, message, cause, meta } = error as Shape;
  return (
    CODE.test(String(code)) ||
    CODE.test(String(originalCode)) ||
    SAID.test(String(message)) ||
    (cause !== error && isOutage(cause)) ||
    isOutage(meta?.driverAdapterError)
  );
}
