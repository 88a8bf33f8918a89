/**
 * The whole system as real processes, each on a line of its own to the database: an API behind a
 * proxy, any number of runners with the stand-in trainer, a PostgreSQL that can crash.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PROCESS_DEFAULTS } from '../../server/config.ts';
import { type Client, openClient } from '../../server/demo/client.ts';
import { writeStandIn } from '../../server/test/rig.ts';
import type { Behaviour } from '../../server/test/standInTrainer.ts';
import { buildDataset, importSamples, startRun } from '../loop.ts';
import { openProxy, type ProxyServer } from '../proxy.ts';
import { type CrashablePostgres, openCrashable } from './postgres.ts';
import { type Started, startProcess } from './processes.ts';
import { openRecorder, type Recorder } from './recorder.ts';
import { until } from './until.ts';

type Settings = Record<string, string>;
type Start = {
  settings?: Settings;
  /** For Node. */
  flags?: string[];
  /** What is started instead of Node. */
  node?: string;
};

/** A process with its own line to the database. */
export type Member = Started & { readonly line: ProxyServer };
export type RunnerMember = Member & { readonly id: string };

/** A run by its id in the API and in the database, and a viewer from its start on. */
export type StartedRun = { globalId: string; runId: string; recorder: Recorder };

export type FaultSystem = Awaited<ReturnType<typeof openSystem>>;

/** Leases as short as a busy machine bears: a lost runner is noticed in about five seconds. */
const SETTINGS = {
  LEASE_SECONDS: '3',
  STOP_GRACE_SECONDS: '1',
  EVALUATE_ON_COMPLETION: 'false',
  LOG_LEVEL: 'debug',
  LOG_FORMAT: 'json',
  PORT: '0',
};

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Starts database and API and makes a dataset; runners are started by the tests.
 * @param postgresParent where the folder of the database is made.
 */
export async function openSystem(postgresParent?: string) {
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-faults-'));
  const dataDir = join(dir, 'data');
  const records = join(dir, 'records');
  await mkdir(records);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const postgres: CrashablePostgres = opened.use(await openCrashable(postgresParent));
  const direct = await postgres.line();
  const sql = new pg.Pool({ connectionString: direct.url, max: 4 });
  sql.on('error', () => {}); // it is ended with the server
  opened.defer(() => sql.end());
  const env = {
    ...PROCESS_DEFAULTS,
    NODE_COMPILE_CACHE: join(tmpdir(), 'tunix-rt-faults-compiled'),
    PATH: process.env.PATH,
    // Every process below inherits it, however it was started: by it those left behind are found.
    HOME: dir,
    DATA_DIR: dataDir,
    TUNIX_PYTHON: await writeStandIn(dataDir),
    ...SETTINGS,
  };

  const begin = async (name: 'api' | 'runner', { settings = {}, flags, node }: Start) => {
    const line = await postgres.line();
    const own = { ...env, ...settings, DATABASE_URL: line.url };
    const started = startProcess(name, own, flags, node);
    return {
      ...started,
      line,
      async [Symbol.asyncDispose]() {
        await started[Symbol.asyncDispose]();
        await line[Symbol.asyncDispose]();
      },
    };
  };

  let web: ProxyServer | undefined;
  let api: Member | undefined;
  opened.defer(async () => {
    await api?.[Symbol.asyncDispose]();
    await web?.[Symbol.asyncDispose]();
  });
  const startApi = async (start: Start = {}): Promise<Member> => {
    api = await begin('api', start);
    const { url } = (await api.ready) as { url: string };
    if (web) web.retarget(url);
    else web = await openProxy(url);
    return api;
  };
  await startApi();
  if (!web) throw new Error('no proxy');
  const front: ProxyServer = web;
  const client: Client = openClient(front.url);
  opened.defer(() => client.close());
  const answers = () => until('the API answers', () => client.request('{ __typename }'));
  await importSamples(client, 20);
  const datasetKey = await buildDataset(client, 'faults', 20);

  const recorders: Recorder[] = [];
  const resources = opened.move();
  return {
    dir,
    mark: `HOME=${dir}`,
    records,
    sql,
    postgres,
    client,
    /** The proxy before the API; its URL stays when the API is started anew. */
    web: front,
    /** The API that was started last. */
    get api() {
      if (!api) throw new Error('no api');
      return api;
    },
    /** Starts the next API, and waits until it answers over connections kept from the last. */
    async startApi(start: Start = {}): Promise<Member> {
      const member = await startApi(start);
      await answers();
      return member;
    },
    recorders,
    datasetKey,
    /** Starts a runner and waits until it is registered. */
    async startRunner(start: Start = {}): Promise<RunnerMember> {
      const name = start.settings?.RUNNER_NAME ?? `runner-${randomBytes(4).toString('hex')}`;
      const member = await begin('runner', {
        ...start,
        settings: { RUNNER_NAME: name, ...start.settings },
      });
      const find = async () => {
        const { rows } = await sql.query<{ id: string }>(
          'SELECT id FROM runners WHERE name = $1 AND pid = $2',
          [name, member.pid],
        );
        return rows[0]?.id;
      };
      const id = await Promise.race([
        until('the runner is registered', find),
        member.ended.then((how) => {
          throw new Error(`the runner ended with ${how}:\n${member.output()}`);
        }),
      ]);
      return { ...member, id };
    },
    /** Says what the trainers started from now on do. */
    behave: (behaviour: Behaviour) =>
      writeFile(join(dataDir, 'behaviour.json'), JSON.stringify({ record: records, ...behaviour })),
    /** Queues a run over the API and follows it with a recorder, unless nobody shall watch it. */
    async startRun(input: object = {}, { watched = true } = {}): Promise<StartedRun> {
      const globalId = await startRun(client, datasetKey, { batchSize: 2, numEpochs: 5 }, input);
      const { rows } = await sql.query<{ id: string }>(
        'SELECT id FROM runs ORDER BY number DESC LIMIT 1',
      );
      const runId = rows[0]?.id ?? '';
      const recorder = openRecorder(front.url, globalId, runId);
      if (watched) recorders.push(recorder);
      else await recorder[Symbol.asyncDispose]();
      return { globalId, runId, recorder };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
