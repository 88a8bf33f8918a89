import { GraphQLError } from 'graphql';
import type { App } from '../server/app.ts';
import { ValidationError } from '../server/errors.ts';
import {
  countLeaderboard,
  type LeaderboardRow as Row,
  readLeaderboard,
} from '../server/evaluations/leaderboard.ts';
import type { Interval } from '../server/lib/stats.ts';
import { builder } from './builder.ts';
import { Split } from './split.ts';

export const ConfidenceInterval = builder.objectRef<Interval>('ConfidenceInterval').implement({
  description: 'The range that holds the true value with 95 % confidence (Wilson).',
  fields: (t) => ({
    low: t.exposeFloat('low', { description: 'Lower end.' }),
    high: t.exposeFloat('high', { description: 'Upper end.' }),
  }),
});

const LeaderboardRow = builder.objectRef<Row>('LeaderboardRow').implement({
  description: 'One run on the leaderboard, with its newest completed evaluation.',
  fields: (t) => ({
    rank: t.exposeInt('rank', {
      description:
        'From 1, among what shares evaluation set (or dataset and split), judge and version. Equal ' +
        'values share a rank.',
    }),
    run: t.prismaField({
      type: 'Run',
      description: 'The run.',
      resolve: (query, { runId }, _args, { app }) =>
        app.db.run.findUniqueOrThrow({ ...query, where: { id: runId } }),
    }),
    evaluation: t.prismaField({
      type: 'Evaluation',
      description: 'The evaluation that counts.',
      resolve: (query, { evaluationId }, _args, { app }) =>
        app.db.evaluation.findUniqueOrThrow({ ...query, where: { id: evaluationId } }),
    }),
    value: t.exposeFloat('value', { description: 'The metric it is ranked by.' }),
    interval: t.expose('interval', {
      type: ConfidenceInterval,
      nullable: true,
      description: 'Wilson 95 % interval of `value`, in its unit.',
    }),
  }),
});

export const LeaderboardConnection = builder.connectionObject(
  {
    type: LeaderboardRow,
    name: 'LeaderboardConnection',
    description: 'A page of the leaderboard.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'Rows on all pages together; counted only when asked for.',
        // What `leaderboardPage` returns; the plugin knows the fields of every connection only.
        resolve: (page) => (page as unknown as { count: () => Promise<number> }).count(),
      }),
    }),
  },
  { name: 'LeaderboardConnectionEdge', description: 'A run on a page of the leaderboard.' },
);

export const LeaderboardFilter = builder.inputType('LeaderboardFilter', {
  description: 'Which evaluations; every given condition must hold.',
  fields: (t) => ({
    datasetKey: t.string({ description: 'Of runs on this dataset.' }),
    evaluationSetKey: t.string({ description: 'On this evaluation set.' }),
    split: t.field({ type: Split, description: 'On this side.' }),
    judge: t.string({ description: 'By this judge: `name`, or `name@version`.' }),
    modelId: t.string({ description: 'Of runs from this model.' }),
  }),
});

type Args = Parameters<typeof readLeaderboard>[1];

/** One page as a connection. */
export async function leaderboardPage(app: Pick<App, 'sql'>, args: Args) {
  const { rows, hasNextPage } = await readLeaderboard(app.sql, args).catch(toRequestError);
  return {
    edges: rows.map((node) => ({ cursor: node.cursor, node })),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: Boolean(args.after),
      startCursor: rows[0]?.cursor ?? null,
      endCursor: rows.at(-1)?.cursor ?? null,
    },
    count: () => countLeaderboard(app.sql, args),
  };
}

/** A query has no union to answer with: a bad argument is an error of the request. */
function toRequestError(error: unknown): never {
  if (!(error instanceof ValidationError)) throw error;
  throw new GraphQLError(error.message, {
    extensions: { code: 'BAD_VALUE', issues: error.issues },
  });
}
