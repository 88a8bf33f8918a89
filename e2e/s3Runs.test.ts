/** Runners on machines that share nothing but the database and a bucket. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globalId } from '../schema/ids.ts';
import type { App } from '../server/app.ts';
import { openS3Store } from '../server/artifacts/s3.ts';
import { sweepArtifacts } from '../server/artifacts/sweep.ts';
import { sha256 } from '../server/lib/canonical.ts';
import { registerRunner } from '../server/runners/register.ts';
import { executeRun } from '../server/runs/attempt/execute.ts';
import { openServer } from '../server/test/http.ts';
import { behave, queueRun, withStandIn } from '../server/test/rig.ts';
import { expect, test } from '../server/test/test.ts';
import { openProxy } from './proxy.ts';
import { type S3Server, startS3, storeSettings } from './s3Server.ts';

let server: S3Server;
const folders: string[] = [];

test.beforeAll(async () => {
  server = await startS3();
});
test.afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const dir of folders) await rm(dir, { recursive: true, force: true });
});

/** A machine with a data folder of its own, whose artifacts go to the bucket. */
async function openMachine(base: App, settings: Record<string, string>): Promise<App> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tunix-rt-machine-'));
  folders.push(dataDir);
  const store = openS3Store(storeSettings(settings));
  return withStandIn({ ...base, store, config: { ...base.config, dataDir } });
}

test('a second machine goes on from what the first one began, and serves what it left', async ({
  app: base,
}) => {
  const settings = server.settings('machines/');
  const [first, second] = [await openMachine(base, settings), await openMachine(base, settings)];
  const execute = async (app: App, id: string) =>
    executeRun(app, { id: await registerRunner(app), shutdown: new AbortController().signal }, id);

  await behave(first, { steps: 9, stepMs: 100, at: { step: 5, do: 'killSelf' } });
  const { id } = await queueRun(first);
  await execute(first, id);
  for (const dir of await readdir(first.config.dataDir)) {
    await rm(join(first.config.dataDir, dir), { recursive: true });
  }
  await behave(second, { steps: 9 });
  await execute(second, id);

  const run = await base.db.run.findUniqueOrThrow({
    where: { id },
    include: { events: { orderBy: { seq: 'asc' } }, artifacts: { where: { deletedAt: null } } },
  });
  expect(run.status).toBe('COMPLETED');
  const restored = run.events.filter(({ kind }) => kind === 'RESTORED');
  expect(restored.map(({ data }) => data)).toEqual([{ step: 0 }, { step: 5 }]);
  expect(existsSync(join(second.config.dataDir, 'artifacts'))).toBe(false);

  // A third machine, on which nothing was trained, hands out every file.
  const third = await openMachine(base, settings);
  await sweepArtifacts(third, new AbortController().signal);
  await using http = await openServer(third);
  for (const artifact of run.artifacts) {
    const url = `${http.url}/artifacts/${globalId('Artifact', artifact.id)}`;
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(sha256(whole), artifact.path).toBe(artifact.sha256);
    const part = await fetch(url, { headers: { range: 'bytes=1-' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(1))).toBe(true);
  }
});

test('a run whose store is away for a while completes in its first attempt', async ({
  app: base,
}) => {
  await using proxy = await openProxy(server.url);
  const settings = { ...server.settings('outage/'), S3_ENDPOINT: proxy.url };
  const app = await openMachine(base, settings);
  await behave(app, { steps: 30, stepMs: 100 });
  const { id } = await queueRun(app);
  const cutting = setInterval(() => proxy.cut(), 10);
  const back = setTimeout(() => clearInterval(cutting), 5_000);
  try {
    const runner = { id: await registerRunner(app), shutdown: new AbortController().signal };
    await executeRun(app, runner, id);
  } finally {
    clearInterval(cutting);
    clearTimeout(back);
  }
  const run = await base.db.run.findUniqueOrThrow({ where: { id }, include: { artifacts: true } });
  expect(run).toMatchObject({ status: 'COMPLETED', epoch: 1 });
  for (const { sha256: digest, size, deletedAt } of run.artifacts) {
    if (!deletedAt) expect(await app.store.sizeOf(digest)).toBe(Number(size));
  }
});
