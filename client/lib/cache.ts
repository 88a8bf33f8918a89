/** The normalised cache: what has an identity, and which lists a mutation makes stale. */
import type { Cache, CacheExchangeOpts, UpdateResolver } from '@urql/exchange-graphcache';
import facts from '../gql/cacheFacts.json';

function forget(cache: Cache, ...fields: string[]) {
  for (const field of cache.inspectFields('Query')) {
    if (fields.includes(field.fieldName)) cache.invalidate('Query', field.fieldKey);
  }
}

const forgets =
  (...fields: string[]): UpdateResolver =>
  (_result, _args, cache) =>
    forget(cache, ...fields);

export const cacheOptions: Partial<CacheExchangeOpts> = {
  // Types without an identity live inside their parent.
  keys: Object.fromEntries(facts.keyless.map((name) => [name, () => null])),
  // Instead of the whole schema: exact fragment matching, and no half-empty results.
  possibleTypes: facts.possibleTypes,
  updates: {
    Mutation: {
      tagTraces: forgets('traceFacets'),
      deleteTrace: (result, _args, cache) => {
        const { deleteTrace } = result as { deleteTrace?: { deletedId?: string } };
        if (!deleteTrace?.deletedId) return;
        cache.invalidate({ __typename: 'Trace', id: deleteTrace.deletedId });
        forget(cache, 'traceFacets', 'overview');
      },
      generateUngarTraces: forgets('traceFacets', 'overview'),
      buildDataset: forgets('datasets', 'dataset', 'overview'),
      checkDataset: forgets('dataset'),
      createEvaluationSet: forgets('evaluationSets', 'evaluationSet'),
      createRun: forgets('runs', 'overview'),
      cancelRun: forgets('overview'),
      retryRun: forgets('runs', 'overview'),
      resumeRun: forgets('runs', 'overview'),
      cloneRun: forgets('runs', 'overview'),
      archiveRun: forgets('runs', 'overview'),
      evaluateRun: forgets('leaderboard', 'overview'),
      cancelEvaluation: forgets('overview'),
      reproduceRun: forgets('runs', 'overview'),
      setBaseline: forgets('baselines', 'baseline', 'overview'),
      promoteBestRun: forgets('baselines', 'baseline', 'overview'),
      // Another's role decides whether somebody is the only admin.
      changeUser: forgets('users'),
      inviteUser: forgets('invitations'),
      resetPassword: forgets('invitations'),
      createApiKey: forgets('apiKeys'),
      checkRegression: forgets('baselines', 'baseline', 'overview'),
    },
  },
};
