import {
  type FlipCell as Cell,
  countFlipRows,
  type FlipPage,
  MOST_EVALUATIONS,
  type FlipRow as Row,
  readFlips,
} from '../server/evaluations/compareFlips.ts';
import { builder } from './builder.ts';
import { idOf } from './evaluations.ts';
import { idOrNone } from './ids.ts';
import { costOfPage } from './paging.ts';

const FlipCell = builder.enumType('FlipCell', {
  description: 'What one evaluation says of one item.',
  values: {
    CORRECT: { description: 'Right.' },
    WRONG: { description: 'Wrong.' },
    UNSCORED: { description: 'Not judged.' },
  } satisfies Record<Cell, object>,
});

const FlipRow = builder.objectRef<Row>('FlipRow').implement({
  description: 'One item in several evaluations.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Order in dataset or set, from 0.' }),
    trace: t.prismaField({
      type: 'Trace',
      nullable: true,
      description: 'The held-out trace; null for an item of an evaluation set.',
      resolve: (query, { traceId }, _args, { app }) =>
        app.db.trace.findUnique({ ...query, where: { id: idOrNone('Trace', traceId ?? '') } }),
    }),
    setItem: t.prismaField({
      type: 'EvaluationSetItem',
      nullable: true,
      description: 'The item of the evaluation set; null for a trace.',
      resolve: (query, { setItemId }, _args, { app }) =>
        app.db.evaluationSetItem.findUnique({
          ...query,
          where: { id: idOrNone('EvaluationSetItem', setItemId ?? '') },
        }),
    }),
    prompt: t.exposeString('prompt', { description: 'What the models were asked.' }),
    expected: t.exposeString('expected', { description: 'The expected answer.' }),
    cells: t.expose('cells', {
      type: [FlipCell],
      description: 'One for each evaluation, in the order they were named.',
    }),
    instability: t.exposeFloat('instability', {
      description: '0 when all agree, 1 when half are right and half are wrong.',
    }),
  }),
});

/** What the connection is resolved from, beside its edges. */
type Counted = { count: () => ReturnType<typeof countFlipRows> };

const FlipMatrixConnection = builder.connectionObject(
  {
    type: FlipRow,
    name: 'FlipMatrixConnection',
    description: 'A page of items with what several evaluations say of them.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'Items on all pages together; counted only when asked for.',
        resolve: async (page) => (await (page as unknown as Counted).count()).items,
      }),
      unstableCount: t.int({
        description: 'Those on which the evaluations disagree; counted only when asked for.',
        resolve: async (page) => (await (page as unknown as Counted).count()).unstable,
      }),
    }),
  },
  { name: 'FlipMatrixConnectionEdge', description: 'An item on a page.' },
);

function connectionOf({ rows, hasNextPage }: FlipPage, after: string | null | undefined) {
  return {
    edges: rows.map((node) => ({ cursor: node.cursor, node })),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: Boolean(after),
      startCursor: rows[0]?.cursor ?? null,
      endCursor: rows.at(-1)?.cursor ?? null,
    },
  };
}

builder.queryFields((t) => ({
  flipMatrix: t.field({
    type: FlipMatrixConnection,
    description:
      'Who got what right: items against comparable evaluations, those first on which they disagree ' +
      'most.',
    authScopes: { scope: 'READ' },
    complexity: costOfPage,
    args: {
      evaluationIds: t.arg.idList({
        required: true,
        description: `The \`id\` of 1–${MOST_EVALUATIONS} evaluations of one target by one judge.`,
      }),
      first: t.arg.int({ description: 'How many: 1–100, 20 when nothing is given.' }),
      after: t.arg.string({ description: 'Only what follows this cursor.' }),
    },
    resolve: async (_root, { evaluationIds, first, after }, { app }) => {
      const ids = evaluationIds.map((id) => idOf('Evaluation', String(id)));
      const page = await readFlips(app.sql, { evaluationIds: ids, first: first ?? 20, after });
      let counted: ReturnType<typeof countFlipRows> | undefined;
      const count = () => {
        counted ??= countFlipRows(app.sql, ids);
        return counted;
      };
      return { ...connectionOf(page, after), count };
    },
  }),
}));
