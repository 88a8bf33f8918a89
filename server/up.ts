/**
 * `npm start`: the whole system from one terminal. Brings a PostgreSQL of its own unless DATABASE_URL
 * names one, applies migrations, starts API and runner, which sign in to it as roles of their own.
 * `--no-runner` leaves the runner to another host, `--demo` runs the demo, `--exit` ends after it.
 */
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeOwnKey } from './access/keys.ts';
import { ROLE_SCOPES, type Scope } from './access/scopes.ts';
import { keep } from './children.ts';
import { childSettings, readConfig } from './config.ts';
import { openDb } from './db.ts';
import { runDemo } from './demo/demo.ts';
import { jobs } from './jobs.ts';
import { openLog } from './log.ts';
import { readRolePasswords } from './postgres/cluster.ts';
import { migrate } from './postgres/migrate.ts';
import { applyRoles, urlAs } from './postgres/roles.ts';
import { openPostgres } from './postgres/start.ts';
import { installQueue } from './queue.ts';
import { onSignals } from './signals.ts';

const config = readConfig();
const log = openLog(config, 'up');
const wants = (flag: string) => process.argv.includes(flag);

let stop = async () => {};
/** A system without its database does nothing; whoever keeps it up starts it again. */
const onLost = (why: string) => {
  log.error(`${why}. The system stops; start it again, it goes on where it was.`);
  void stop().finally(() => process.exit(1));
};

await mkdir(config.dataDir, { recursive: true });
const postgres = config.database.url
  ? null
  : await openPostgres({
      dir: join(config.dataDir, 'postgres'),
      log: (line) => log.debug({ line }, 'postgres'),
      onLost,
    });
const url = config.database.url ?? postgres?.url ?? '';
stop = async () => {
  await postgres?.stop();
};
onSignals(log, () => stop());

/** A key for what is started here; null where nobody is asked for one. */
async function ownKey(
  name: string,
  scopes: readonly Scope[],
  days: number | null = null,
): Promise<string | null> {
  if (!config.access.required) return null;
  const { sql, close } = openDb(url, log);
  try {
    return await makeOwnKey({ sql }, `${name} on ${hostname()} in ${config.dataDir}`, scopes, days);
  } finally {
    await close();
  }
}

/** The environment of our own runner, with a key that nobody has to make or to know. */
async function withToken(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const token = config.runner.token ?? (await ownKey('npm start', ['RUNNER']));
  return token === null ? env : { ...env, RUNNER_TOKEN: token };
}

try {
  const applied = await migrate(url);
  if (applied.length > 0) log.info({ applied }, 'migrations applied');
  await installQueue(url, jobs);
  // Somebody else's server has whatever users they gave it.
  const roles = postgres ? await readRolePasswords(join(config.dataDir, 'postgres')) : null;
  if (roles) await applyRoles(url, roles);
  const envOf = (role: 'api' | 'runner') =>
    childSettings(roles ? urlAs(url, role, roles[role]) : url, config.cacheDir);
  const runnerEnv = wants('--no-runner') ? undefined : await withToken(envOf('runner'));
  const api = keep('api', envOf('api'), log);
  const runner = runnerEnv && keep('runner', runnerEnv, log);
  stop = async () => {
    await Promise.all([api.stop(), runner?.stop()]);
    await postgres?.stop();
  };
  const ready = (await api.ready()) as { url: string };
  process.stdout.write(`\n  Tunix RT is running at ${ready.url}\n\n`);
  if (wants('--demo')) {
    const key = await ownKey('npm start --demo', ROLE_SCOPES.MEMBER, 1);
    await runDemo(ready.url, (line) => process.stdout.write(`${line}\n`), key);
    process.stdout.write(`\n  Look at it: ${ready.url}\n\n`);
  }
} catch (error) {
  log.error({ err: error }, 'could not start');
  process.exitCode = 1;
}
if (wants('--exit') || process.exitCode) {
  await stop();
  process.exit();
}
