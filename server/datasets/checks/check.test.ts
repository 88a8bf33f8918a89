import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { NotFoundError, ValidationError } from '../../errors.ts';
import { makeEvaluationSet, makeTrace } from '../../test/make.ts';
import { type GivenItem, makeDatasetOf } from '../../test/makeItems.ts';
import { behave, until, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { buildDataset } from '../build.ts';
import { checkDataset } from './check.ts';
import { openFindings } from './findings.ts';
import { CheckDataset } from './job.ts';
import { openLengths } from './lengths.ts';
import { budgetsOf, type CheckDatasetInput, type FindingCode } from './model.ts';
import { countFindings } from './read.ts';
import { requestDatasetCheck } from './request.ts';
import { scanTokens } from './tokens.ts';
import { unwaiveFinding, waiveFinding } from './waive.ts';

const running = new AbortController().signal;

/** The app without any Python of its own: its cache is an empty folder. */
const withoutPython = (app: App): App => ({
  ...app,
  config: { ...app.config, cacheDir: join(app.config.dataDir, 'empty-cache') },
});

const check = async (
  app: App,
  datasetKey: string,
  input: Omit<Parameters<typeof CheckDatasetInput.parse>[0] & object, 'datasetKey'> = {},
) => {
  const { id } = await requestDatasetCheck(app, { datasetKey, ...input });
  await checkDataset(app, id, running);
  return readCheck(app, id);
};

const readCheck = async (app: App, id: string) => {
  const row = await app.db.datasetCheck.findUniqueOrThrow({
    where: { id },
    include: { findings: { orderBy: [{ code: 'asc' }, { position: 'asc' }] } },
  });
  return { ...row, counts: await countFindings(app.sql, row) };
};

const foundIn = ({ counts }: { counts: { code: string; found: number }[] }) =>
  Object.fromEntries(
    counts.filter(({ found }) => found > 0).map(({ code, found }) => [code, found]),
  );

const STORY =
  'A farmer in the north keeps sheep and goats on two meadows beside the river, and every spring ' +
  'she counts them again before the shearing begins. How many animals does she have?';
const TALE =
  'Three sisters inherit an old printing house full of letters, ink and paper, and they decide to ' +
  'print one small book every month until the paper is used up. How long does it last?';

/** A dataset in which every rule is broken, once unless said otherwise. */
async function plant(app: App) {
  const set = await makeEvaluationSet(app, [
    { prompt: 'Which gas do plants take from the air?' },
    { prompt: 'Unlike all others, what else could be asked about tea?' },
  ]);
  const clean = ['bread', 'wood', 'glass', 'steel'].map(
    (thing, i): GivenItem => ({
      prompt: `Describe how people make ${thing} at home.`,
      answer: `${i}`,
    }),
  );
  const items: GivenItem[] = [
    ...clean, // 0–3
    { prompt: STORY }, // 4
    { prompt: STORY.toUpperCase(), meta: { again: true } }, // 5: exact duplicate of 4
    { prompt: STORY.replace('river', 'lake') }, // 6: near duplicate of 4
    { prompt: 'Think first. Which gas do plants take from the air? Say why.' }, // 7: evaluation
    { prompt: 'Say much.', steps: ['word '.repeat(2_000), 'It is 7.'] }, // 8: chars, tokens
    { prompt: 'Say little.', steps: [' … ', 'It is 7.'] }, // 9: empty
    { prompt: 'Say again.', steps: ['It is 7.', 'it  is 7.'] }, // 10: repeated
    { prompt: 'Say wrong.', steps: ['It is 8.'] }, // 11: answer
    { prompt: TALE }, // 12
    { prompt: 'Which colour has the sky?', split: 'EVAL' },
    { prompt: TALE.replace('sisters', 'brothers'), answer: '9', split: 'TEST' }, // 14: leakage
    { prompt: 'Ask long.', steps: ['w '.repeat(550), '7'], split: 'TEST' }, // may have tokens
  ];
  return { dataset: await makeDatasetOf(app, items), set };
}

const jobsOf = async (app: App, checkId: string) => {
  const { rows } = await app.sql.query(
    `SELECT data FROM pgboss.job WHERE name = $1 AND data->>'checkId' = $2`,
    [CheckDataset.name, checkId],
  );
  return rows.length;
};

describe('a check', () => {
  test('finds every planted defect and nothing else', async ({ app }) => {
    const rig = await withStandIn(app);
    const { dataset, set } = await plant(rig);
    const result = await check(rig, dataset.key, { maxTokens: 500 });
    expect(result).toMatchObject({ status: 'COMPLETED', error: null });
    expect(result.summary).toMatchObject({ tokensChecked: true, tokensNote: null });
    const at = (position: number | undefined) => dataset.traceIds[position ?? -1] ?? null;
    const planted: [FindingCode, number, number?][] = [
      ['ANSWER_NOT_IN_LAST_STEP', 11],
      ['EMPTY_STEP', 9],
      ['EVALUATION_LEAKAGE', 7],
      ['EXACT_DUPLICATE', 5, 4],
      ['NEAR_DUPLICATE', 6, 4],
      ['REPEATED_STEP', 10],
      ['SPLIT_LEAKAGE', 14, 12],
      ['TOO_MANY_CHARS', 8],
      ['TOO_MANY_TOKENS', 8],
    ];
    expect(
      result.findings.map((each) => [each.code, each.position, each.traceId, each.relatedTraceId]),
    ).toEqual(planted.map(([code, place, of]) => [code, place, at(place), at(of)]));
    expect(result.findings[2]?.evaluationItemId).toBe(set.items[0]?.id);
    // The stand-in counts words.
    expect(result.findings.at(-1)?.data).toEqual({ found: 2_006, limit: 500 });
    expect(await readdir(rig.config.dataDir)).not.toContainEqual(
      expect.stringMatching(/^scratch-/),
    );
  });

  test('finds nothing in a clean dataset', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [
      { prompt: 'Name a river of Peru.', answer: 'Amazon' },
      { prompt: 'Who wrote Faust?', answer: 'Goethe', split: 'TEST' },
    ]);
    const result = await check(withoutPython(app), dataset.key);
    expect(foundIn(result)).toEqual({});
    expect(result.counts).toHaveLength(9);
  });

  test('without Python looks at all else and says what to do', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a lake.', steps: ['…', '7'] }]);
    const result = await check(withoutPython(app), dataset.key, { maxTokens: 1 });
    expect(result.summary).toMatchObject({
      tokensChecked: false,
      tokensNote: expect.stringMatching(/no Python environment yet.*then check again/),
    });
    expect(foundIn(result)).toEqual({ EMPTY_STEP: 1, TOO_MANY_CHARS: 1 });
  });

  test('without the model looks at all else and says what to do', async ({ app }) => {
    const rig = await withStandIn(app);
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a sea.', steps: ['…', '7'] }]);
    const result = await check(rig, dataset.key, { modelId: 'Qwen/Qwen3-0.6B' });
    expect(result.settings).toMatchObject({ modelId: 'Qwen/Qwen3-0.6B', maxTokens: 2048 });
    expect(result.summary).toMatchObject({
      tokensChecked: false,
      tokensNote: expect.stringMatching(/Qwen3-0.6B is not on this runner yet.*MODELS_DIR/),
    });
    expect(foundIn(result)).toEqual({ EMPTY_STEP: 1 });
  });

  test('says why the tokens could not be made', async ({ app }) => {
    const rig = await withStandIn(app);
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a hill.' }]);
    await behave(rig, { tokens: 'fail' });
    const result = await check(rig, dataset.key);
    await behave(rig, {});
    expect(result.status).toBe('COMPLETED');
    expect(result.summary).toMatchObject({
      tokensNote: expect.stringContaining('could not be made: ValueError: bad luck.'),
    });
  });

  test('stores the first 1000 findings of a rule and counts all', async ({ app }) => {
    const items = Array.from({ length: 1_003 }, (_, i) => ({
      prompt: `Say ${i}.`,
      steps: ['.', '7'],
    }));
    const dataset = await makeDatasetOf(app, items);
    const result = await check(withoutPython(app), dataset.key);
    expect(foundIn(result)).toEqual({ EMPTY_STEP: 1_003 });
    expect(result.findings.map(({ position }) => position)).toEqual([...Array(1_000).keys()]);
  });

  test('that comes twice is done once', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a bay.', steps: ['…', '7'] }]);
    const { id, finishedAt, findings } = await check(withoutPython(app), dataset.key);
    await checkDataset(withoutPython(app), id, running);
    expect(await readCheck(app, id)).toMatchObject({ finishedAt, findings });
  });

  test('by two workers at once is stored once', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a cape.', steps: ['…', '7'] }]);
    const { id } = await requestDatasetCheck(app, { datasetKey: dataset.key });
    const worker = () => checkDataset(withoutPython(app), id, running);
    await Promise.all([worker(), worker()]);
    expect((await readCheck(app, id)).findings).toHaveLength(1);
  });

  test('whose worker died is done over', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a gulf.', steps: ['…', '7'] }]);
    const { id } = await requestDatasetCheck(app, { datasetKey: dataset.key });
    await app.db.datasetCheck.update({ where: { id }, data: { status: 'RUNNING' } });
    await checkDataset(withoutPython(app), id, running);
    expect(await readCheck(app, id)).toMatchObject({ status: 'COMPLETED', findings: [{}] });
  });

  test('that breaks has failed, with a sentence', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a dune.' }]);
    const { id } = await requestDatasetCheck(app, { datasetKey: dataset.key });
    await app.db.datasetCheck.update({ where: { id }, data: { settings: 'x' } });
    const trace = dataset.traceIds[0] ?? '';
    await app.db.trace.update({ where: { id: trace }, data: { payload: { prompt: 5 } } });
    await checkDataset(withoutPython(app), id, running);
    expect(await readCheck(app, id)).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/^The check failed: /),
      finishedAt: expect.any(Date),
      counts: [],
    });
  });

  test('in an outage is left to the queue', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a reef.' }]);
    const { id } = await requestDatasetCheck(app, { datasetKey: dataset.key });
    const query = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    const away = { ...withoutPython(app), sql: { query } as unknown as App['sql'] };
    await expect(checkDataset(away, id, running)).rejects.toThrow('gone');
    expect(await readCheck(app, id)).toMatchObject({ status: 'RUNNING', error: null });
  });

  test('does not wait for a process that hangs', async ({ app }) => {
    const rig = await withStandIn(app);
    const { id } = await makeDatasetOf(app, [{ prompt: 'Name a strait.' }]);
    await behave(rig, { tokens: 'hang' });
    const into = { findings: openFindings(), lengths: openLengths() };
    const note = await scanTokens(rig, id, budgetsOf(), into, running, 600);
    await behave(rig, {});
    expect(note).toBe('Tokens were not counted: it took more than 0.01 minutes.');
  });

  test('on a runner that stops kills its process and is left to the queue', async ({ app }) => {
    const rig = await withStandIn(app);
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a fjord.' }]);
    await behave(rig, { tokens: 'hang' });
    const { id } = await requestDatasetCheck(rig, { datasetKey: dataset.key });
    const shutdown = new AbortController();
    const checking = checkDataset(rig, id, shutdown.signal);
    const pid = await until(() =>
      readFile(join(rig.config.dataDir, 'hanging'), 'utf8').catch(() => null),
    );
    shutdown.abort(new Error('the runner is stopping'));
    await expect(checking).rejects.toThrow('the runner is stopping');
    await behave(rig, {});
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
    expect(await readCheck(app, id)).toMatchObject({ status: 'RUNNING' });
  });
});

describe('requestDatasetCheck', () => {
  test('leaves a pending check with the budgets of a run, and its job', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a moor.' }]);
    const { id } = await requestDatasetCheck(app, { datasetKey: dataset.key });
    expect(await readCheck(app, id)).toMatchObject({
      status: 'PENDING',
      settings: { modelId: 'qwen3-tiny', maxTokens: 2_048, maxChars: 8_192 },
    });
    expect(await jobsOf(app, id)).toBe(1);
  });

  test('takes four characters for a token', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a marsh.' }]);
    const { id } = await requestDatasetCheck(app, { datasetKey: dataset.key, maxTokens: 100 });
    expect((await readCheck(app, id)).settings).toMatchObject({ maxTokens: 100, maxChars: 400 });
  });

  test('refuses what does not exist or is out of range', async ({ app }) => {
    const ask = (input: object) => requestDatasetCheck(app, { datasetKey: 'no-1', ...input });
    await expect(ask({})).rejects.toThrow(NotFoundError);
    await expect(ask({ modelId: 'nope' })).rejects.toMatchObject({
      issues: [{ path: ['modelId'], code: 'UNKNOWN_MODEL' }],
    });
    await expect(ask({ maxTokens: 0 })).rejects.toThrow(ValidationError);
    await expect(ask({ maxTokens: 32_769 })).rejects.toThrow(ValidationError);
    await expect(ask({ maxChars: 0 })).rejects.toThrow(ValidationError);
  });
});

describe('buildDataset', () => {
  test('asks for a check of what it built', async ({ app }) => {
    await makeTrace(app);
    const { id } = await buildDataset(app, { name: 'checked', version: '1' });
    const checks = await app.db.datasetCheck.findMany({ where: { datasetId: id } });
    expect(checks).toMatchObject([{ status: 'PENDING' }]);
    expect(await jobsOf(app, checks[0]?.id ?? '')).toBe(1);
  });
});

describe('a waiver', () => {
  const waivedIn = ({ counts }: Awaited<ReturnType<typeof readCheck>>) =>
    counts.filter(({ waived }) => waived > 0).map(({ code, waived }) => [code, waived]);

  test('holds for later checks of the dataset until it is taken back', async ({ app }) => {
    const items = [
      { prompt: 'Name a cliff.', steps: ['…', '7'] },
      { prompt: 'Say.', steps: ['…', '7'] },
    ];
    const dataset = await makeDatasetOf(app, items);
    const first = await check(withoutPython(app), dataset.key);
    const id = first.findings[0]?.id ?? '';
    await waiveFinding(app, { id, reason: 'On purpose.' });
    const second = await check(withoutPython(app), dataset.key, { maxChars: 5_000 });
    expect(waivedIn(second)).toEqual([['EMPTY_STEP', 1]]);
    expect(second.findings[0]?.fingerprint).toBe(first.findings[0]?.fingerprint);
    await waiveFinding(app, { id, reason: 'Better said.' });
    expect(await app.db.findingWaiver.findMany({ where: { datasetId: dataset.id } })).toMatchObject(
      [{ reason: 'Better said.' }],
    );
    await unwaiveFinding(app, second.findings[0]?.id ?? '');
    await unwaiveFinding(app, id);
    expect(waivedIn(await readCheck(app, first.id))).toEqual([]);
  });

  test('does not hold for another dataset with the same traces', async ({ app }) => {
    const item = { prompt: 'Name a cave.', steps: ['…', '7'] };
    const [one, two] = [await makeDatasetOf(app, [item]), await makeDatasetOf(app, [item])];
    const first = await check(withoutPython(app), one.key);
    await waiveFinding(app, { id: first.findings[0]?.id ?? '', reason: 'Here only.' });
    expect(waivedIn(await check(withoutPython(app), two.key))).toEqual([]);
  });

  test('needs a reason and a finding', async ({ app }) => {
    const dataset = await makeDatasetOf(app, [{ prompt: 'Name a plain.', steps: ['…', '7'] }]);
    const { id, findings } = await check(withoutPython(app), dataset.key);
    const waive = (reason: string) => waiveFinding(app, { id: findings[0]?.id ?? '', reason });
    await expect(waive('')).rejects.toThrow(ValidationError);
    await expect(waive(' \n')).rejects.toThrow(/no words/);
    await expect(waive('x'.repeat(1_001))).rejects.toThrow(ValidationError);
    await expect(waiveFinding(app, { id, reason: 'x' })).rejects.toThrow(NotFoundError);
    await expect(unwaiveFinding(app, id)).rejects.toThrow(NotFoundError);
  });
});
