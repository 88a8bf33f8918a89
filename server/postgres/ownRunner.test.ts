/** One more runner beside `npm start`, by the command that the page of the runners shows. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runnerCommand } from '../../client/runners/runnerWords.ts';
import { openApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { jobs } from '../jobs.ts';
import { installQueue } from '../queue.ts';
import { registerRunner } from '../runners/register.ts';
import { readRolePasswords } from './cluster.ts';
import { migrate } from './migrate.ts';
import { applyRoles } from './roles.ts';
import { type EmbeddedPostgres, openPostgres, removePostgres } from './start.ts';

const run = promisify(execFile);
/** The folder of the product, with the server that `npm start` brings as it does. */
let home: string;
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tunix-rt-own-runner-'));
  const dir = join(home, '.data/postgres');
  postgres = await openPostgres({ dir, log: () => {}, durable: false });
  await migrate(postgres.url);
  await installQueue(postgres.url, jobs);
  await applyRoles(postgres.url, await readRolePasswords(dir));
});

afterAll(async () => {
  await postgres?.stop();
  await removePostgres(join(home, '.data/postgres'), () => {});
  await rm(home, { recursive: true, force: true });
});

test('the command connects as the role of runners, and that suffices to register', async () => {
  const command = runnerCommand({ name: 'second', labels: '', slots: '1', place: 'HERE' });
  const asked = command.replace(/npm run runner$/, 'printenv DATABASE_URL RUNNER_NAME');
  const { stdout } = await run('sh', ['-c', asked], { cwd: home });
  const [url = '', name] = stdout.split('\n');
  const config = readConfig({
    LOG_LEVEL: 'silent',
    DATA_DIR: join(home, '.data'),
    RUNNER_NAME: name,
  });
  await using app = await openApp(config, url, 'runner');
  const { rows } = await app.sql.query('SELECT current_user AS "user"');
  expect(rows).toEqual([{ user: 'tunix_rt_runner' }]);
  const id = await registerRunner(app);
  expect(await app.db.runner.findUniqueOrThrow({ where: { id } })).toMatchObject({
    name: 'second',
  });
});
