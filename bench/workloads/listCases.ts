/** The lists that are measured: what is asked, and in SQL which rows must come, in which order. */
import { encodeCursor, type Sort } from '../../server/traces/cursor.ts';
import { PLANTED } from '../lib/traces.ts';

export type ListCase = {
  name: string;
  variables: {
    filter?: Record<string, unknown>;
    orderBy?: { by: Sort; direction: 'ASC' | 'DESC' };
    after?: string;
  };
  /** WHERE … ORDER BY … OFFSET of the same rows; null where the order is PostgreSQL's own rank. */
  sql: string | null;
  /** How many clients at once, each measured by itself. */
  clients: number[];
};

export type Row = { id: string; created_at: Date } & Record<string, unknown>;

const COLUMNS: Record<string, string> = {
  CREATED_AT: 'created_at',
  STEP_COUNT: 'step_count',
  TOTAL_CHARS: 'total_chars',
  BASELINE_SCORE: 'baseline_score',
};

const orderOf = (by: string, direction: 'ASC' | 'DESC') =>
  `ORDER BY ${COLUMNS[by]} ${direction}, id ${direction}`;

const NEWEST = orderOf('CREATED_AT', 'DESC');

/**
 * All cases for a table of `count` rows.
 * @param rowAt the row at a rank (from 0) of an order, to make the cursor that points at it
 */
export async function listCases(
  count: number,
  rowAt: (order: string, rank: number) => Promise<Row>,
): Promise<ListCase[]> {
  const deep = async (name: string, rank: number, clients: number[]): Promise<ListCase> => {
    const row = await rowAt(NEWEST, rank - 1);
    const after = encodeCursor('CREATED_AT', { key: row.created_at.toISOString(), id: row.id });
    return { name, variables: { after }, sql: `${NEWEST} OFFSET ${rank}`, clients };
  };
  const [half, last] = [Math.floor(count / 2), Math.floor(count * 0.999)];
  const sorted = (['STEP_COUNT', 'TOTAL_CHARS', 'BASELINE_SCORE', 'CREATED_AT'] as const).flatMap(
    (by) =>
      (['DESC', 'ASC'] as const)
        .filter((direction) => by !== 'CREATED_AT' || direction === 'ASC')
        .map(
          (direction): ListCase => ({
            name: `by ${by} ${direction}`,
            variables: { orderBy: { by, direction } },
            sql: orderOf(by, direction),
            clients: [1],
          }),
        ),
  );
  const text = (Object.keys(PLANTED) as (keyof typeof PLANTED)[]).flatMap((word): ListCase[] => {
    const { word: term, every, at } = PLANTED[word];
    const filter = { text: term };
    return [
      {
        name: `text ${word}, newest`,
        variables: { filter },
        sql: `WHERE import_line % ${every} = ${at} ${NEWEST}`,
        clients: [1],
      },
      {
        name: `text ${word}, by rank`,
        variables: { filter, orderBy: { by: 'RELEVANCE', direction: 'DESC' } },
        sql: null,
        clients: word === 'medium' ? [1, 8] : [1],
      },
    ];
  });
  const score = await rowAt(orderOf('BASELINE_SCORE', 'DESC'), half - 1);
  return [
    { name: 'first page', variables: {}, sql: NEWEST, clients: [1, 8] },
    await deep(`rank ${half}`, half, [1, 8]),
    await deep(`rank ${last}`, last, [1, 8]),
    {
      name: 'filter source (5 %)',
      variables: { filter: { sources: ['rare'] } },
      sql: `WHERE source = 'rare' ${NEWEST}`,
      clients: [1, 8],
    },
    {
      name: 'filter source, tag, steps',
      variables: { filter: { sources: ['rare'], tags: ['hard'], steps: { min: 2 } } },
      sql: `WHERE source = 'rare' AND tags @> '{hard}' AND step_count >= 2 ${NEWEST}`,
      clients: [1, 8],
    },
    ...sorted,
    {
      name: `by BASELINE_SCORE DESC, rank ${half}`,
      variables: {
        orderBy: { by: 'BASELINE_SCORE', direction: 'DESC' },
        after: encodeCursor('BASELINE_SCORE', { key: Number(score.baseline_score), id: score.id }),
      },
      sql: `${orderOf('BASELINE_SCORE', 'DESC')} OFFSET ${half}`,
      clients: [1],
    },
    ...text,
  ];
}
