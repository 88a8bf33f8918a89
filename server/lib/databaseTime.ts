/** Prisma, or a transaction of it. */
type Asks = { $queryRaw<T>(query: TemplateStringsArray): PromiseLike<T> };

/**
 * What the clock of the database says, to the millisecond: the time that is written of anything, because
 * the clocks of several machines differ and jump. In a transaction it is the time of the call.
 */
export async function databaseTime(db: Asks): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`
    SELECT clock_timestamp()::timestamptz(3) AS now`;
  if (!row) throw new Error('the database tells no time');
  return row.now;
}
