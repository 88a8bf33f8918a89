/** What the buttons go by: each change that the API offers, and the field that says whether you may. */
import { randomUUIDv7 } from 'node:crypto';
import { graphql, isObjectType } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { setBaseline } from '../server/baselines/set.ts';
import { pauseQueue } from '../server/runs/queue/pause.ts';
import { contextOf, LOCAL, MEMBER, VIEWER } from '../server/test/actors.ts';
import { makeDataset, makeEvaluation, makeRun, makeTrace } from '../server/test/make.ts';
import { makeAnyRun } from '../server/test/makeJudged.ts';
import { makeRunner } from '../server/test/makeRunner.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

/** By mutation: where it is done to something, the field of that; where it makes something new, the scopes. */
const SPOKEN_FOR: Record<string, string> = {
  archiveRun: 'Run.viewerCanArchive',
  buildDataset: 'Viewer.scopes',
  cancelEvaluation: 'Evaluation.viewerCanCancel',
  cancelImport: 'ImportSession.viewerCanCancel',
  cancelRun: 'Run.viewerCanCancel',
  changePassword: 'User.isYou',
  changeUser: 'User.viewerCanChange',
  checkDataset: 'Dataset.viewerCanCheck',
  checkRegression: 'Baseline.viewerCanCheck',
  cloneRun: 'Run.viewerCanClone',
  createApiKey: 'Viewer.scopes',
  createEvaluationSet: 'Viewer.scopes',
  createRun: 'Dataset.viewerCanTrain',
  createTrace: 'Viewer.scopes',
  createTraces: 'Viewer.scopes',
  deleteTrace: 'Trace.viewerCanDelete',
  drainRunner: 'Runner.viewerCanDrain',
  evaluateRun: 'Run.viewerCanEvaluate',
  generateUngarTraces: 'Viewer.scopes',
  importPredictions: 'Run.viewerCanImportPredictions',
  inviteUser: 'Viewer.scopes',
  pauseQueue: 'Queue.viewerCanPause',
  promoteBestRun: 'Viewer.scopes',
  renderTrace: 'Trace.viewerCanRender',
  reproduceRun: 'Run.viewerCanReproduce',
  resetPassword: 'User.viewerCanResetPassword',
  resumeEvaluation: 'Evaluation.viewerCanResume',
  resumeQueue: 'Queue.viewerCanResume',
  resumeRun: 'Run.viewerCanResume',
  retryRun: 'Run.viewerCanRetry',
  revokeApiKey: 'ApiKey.viewerCanRevoke',
  revokeInvitation: 'Invitation.viewerCanRevoke',
  scoreTrace: 'Trace.viewerCanScore',
  setBaseline: 'Evaluation.viewerCanPin',
  setRunPriority: 'Run.viewerCanSetPriority',
  tagTraces: 'Trace.viewerCanTag',
  tryJudge: 'Judge.viewerCanTry',
  unwaiveFinding: 'Finding.viewerCanUnwaive',
  waiveFinding: 'Finding.viewerCanWaive',
};

const fieldsOf = (name: string) => {
  const type = schema.getType(name);
  return isObjectType(type) ? type.getFields() : {};
};

describe('every mutation', () => {
  test('is spoken for by a field that says whether you may', () => {
    expect(Object.keys(SPOKEN_FOR).toSorted()).toEqual(
      Object.keys(fieldsOf('Mutation')).toSorted(),
    );
    for (const [mutation, path] of Object.entries(SPOKEN_FOR)) {
      const [type = '', field = ''] = path.split('.');
      expect(String(fieldsOf(type)[field]?.type), `${mutation}: ${path}`).toMatch(
        path === 'Viewer.scopes' ? '[Scope!]!' : 'Boolean!',
      );
    }
  });

  test('is what each such field speaks for', () => {
    const all = Object.keys(schema.getTypeMap()).flatMap((type) =>
      Object.keys(fieldsOf(type))
        .filter((field) => field.startsWith('viewerCan'))
        .map((field) => `${type}.${field}`),
    );
    expect(all.filter((path) => !Object.values(SPOKEN_FOR).includes(path))).toEqual([]);
  });
});

/** What somebody may do to a node. */
async function may(app: App, actor: Actor, type: string, id: string, fields: readonly string[]) {
  const { data, errors } = await graphql({
    schema,
    source: `{ node(id: "${globalId(type, id)}") { ... on ${type} { ${fields.join(' ')} } } }`,
    contextValue: contextOf(app, actor),
  });
  expect(errors).toBeUndefined();
  return Object.entries((data as { node: Record<string, boolean> }).node)
    .filter(([, can]) => can)
    .map(([field]) => field);
}

describe('you may', () => {
  const ON_TRACES = ['viewerCanDelete', 'viewerCanTag', 'viewerCanScore', 'viewerCanRender'];

  test('delete a trace that nothing refers to', async ({ app }) => {
    const { id } = await makeTrace(app);
    expect(await may(app, MEMBER, 'Trace', id, ON_TRACES)).toEqual(ON_TRACES);
    const dataset = await makeDataset(app);
    await app.db.datasetItem.create({
      data: { datasetId: dataset.id, traceId: id, position: 1_000, split: 'TRAIN' },
    });
    expect(await may(app, MEMBER, 'Trace', id, ON_TRACES)).toEqual(ON_TRACES.slice(1));
    expect(await may(app, VIEWER, 'Trace', id, ON_TRACES)).toEqual([]);
  });

  test('train on a dataset that has something to learn from', async ({ app }) => {
    const fields = ['viewerCanTrain', 'viewerCanCheck'];
    const { id } = await makeDataset(app);
    expect(await may(app, MEMBER, 'Dataset', id, fields)).toEqual(fields);
    expect(await may(app, VIEWER, 'Dataset', id, fields)).toEqual([]);
    const toJudge = await makeDataset(app, { train: 0 });
    expect(await may(app, MEMBER, 'Dataset', toJudge.id, fields)).toEqual(['viewerCanCheck']);
  });

  test.for([
    ['LOCAL', 'COMPLETED', ['viewerCanReproduce', 'viewerCanImportPredictions']],
    ['LOCAL', 'RUNNING', ['viewerCanReproduce']],
    ['DRY_RUN', 'COMPLETED', []],
    ['EXTERNAL', 'COMPLETED', []],
  ] as const)(
    'repeat and predict for a run of mode %s that is %s: %j',
    async ([mode, status, can], { app }) => {
      const fields = ['viewerCanReproduce', 'viewerCanImportPredictions'];
      const { id } = await makeRun(app, (await makeDataset(app)).id, { mode, status });
      expect(await may(app, MEMBER, 'Run', id, fields)).toEqual(can);
      expect(await may(app, VIEWER, 'Run', id, fields)).toEqual([]);
    },
  );

  test('pin a completed evaluation, and check against the current revision', async ({ app }) => {
    const run = await makeAnyRun(app);
    const { id: evaluationId } = await makeEvaluation(app, run);
    const pin = ['viewerCanPin'];
    expect(await may(app, MEMBER, 'Evaluation', evaluationId, pin)).toEqual(pin);
    expect(await may(app, VIEWER, 'Evaluation', evaluationId, pin)).toEqual([]);
    const { id: pending } = await makeEvaluation(app, run, { status: 'PENDING' });
    expect(await may(app, MEMBER, 'Evaluation', pending, pin)).toEqual([]);
    const check = ['viewerCanCheck'];
    const old = await setBaseline(app, { name: 'main', evaluationId });
    expect(await may(app, MEMBER, 'Baseline', old.id, check)).toEqual(check);
    const current = await setBaseline(app, { name: 'main', evaluationId });
    expect(await may(app, MEMBER, 'Baseline', old.id, check)).toEqual([]);
    expect(await may(app, MEMBER, 'Baseline', current.id, check)).toEqual(check);
    expect(await may(app, VIEWER, 'Baseline', current.id, check)).toEqual([]);
  });

  test('take back the acceptance of a finding that is accepted', async ({ app }) => {
    const dataset = await makeDataset(app);
    const check = await app.db.datasetCheck.create({
      data: { id: randomUUIDv7(), datasetId: dataset.id, settings: {} },
    });
    const { id, fingerprint } = await app.db.finding.create({
      data: {
        id: randomUUIDv7(),
        checkId: check.id,
        code: 'EMPTY_STEP',
        severity: 'WARNING',
        fingerprint: 'f'.repeat(64),
        position: 0,
        traceId: (await makeTrace(app)).id,
        message: 'A step is empty.',
      },
    });
    const fields = ['viewerCanWaive', 'viewerCanUnwaive'];
    expect(await may(app, MEMBER, 'Finding', id, fields)).toEqual(['viewerCanWaive']);
    await app.db.findingWaiver.create({
      data: { datasetId: dataset.id, fingerprint, reason: 'meant so' },
    });
    expect(await may(app, MEMBER, 'Finding', id, fields)).toEqual(fields);
    expect(await may(app, VIEWER, 'Finding', id, fields)).toEqual([]);
  });

  test('pause a queue, resume one that is paused, and try a judge that is set up', async ({
    app,
  }) => {
    const source = `{ queues { viewerCanPause viewerCanResume }
      judges { needsEndpoint viewerCanTry } }`;
    const ask = async (actor: Actor) => {
      const { data } = await graphql({ schema, source, contextValue: contextOf(app, actor) });
      return data as {
        queues: object[];
        judges: { needsEndpoint: boolean; viewerCanTry: boolean }[];
      };
    };
    expect((await ask(LOCAL)).queues).toEqual([{ viewerCanPause: true, viewerCanResume: false }]);
    await pauseQueue(app, { labels: [] });
    expect((await ask(LOCAL)).queues).toEqual([{ viewerCanPause: true, viewerCanResume: true }]);
    const { queues, judges } = await ask(MEMBER);
    expect(queues).toEqual([{ viewerCanPause: false, viewerCanResume: false }]);
    expect(judges.some(({ needsEndpoint }) => needsEndpoint)).toBe(true);
    for (const judge of judges) expect(judge.viewerCanTry).toBe(!judge.needsEndpoint);
    expect((await ask(VIEWER)).judges.filter((judge) => judge.viewerCanTry)).toEqual([]);
  });

  test('do nothing at all when you may only look', async ({ app }) => {
    const run = await makeAnyRun(app);
    const runner = await makeRunner(app);
    const session = await app.db.importSession.create({ data: { id: randomUUIDv7() } });
    const ofEach = [
      ['Run', run.id],
      ['Evaluation', (await makeEvaluation(app, run, { status: 'FAILED' })).id],
      ['ImportSession', session.id],
      ['Runner', runner.id],
    ] as const;
    for (const [type, id] of ofEach) {
      const fields = Object.keys(fieldsOf(type)).filter((field) => field.startsWith('viewerCan'));
      expect(await may(app, LOCAL, type, id, fields), type).not.toEqual([]);
      expect(await may(app, VIEWER, type, id, fields), type).toEqual([]);
    }
  });
});
