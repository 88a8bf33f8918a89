/**
 * `npm start`: the whole system from one terminal. Brings a PostgreSQL of its own unless DATABASE_URL
 * names one, applies migrations, starts API and runner. `--no-runner` leaves the runner to another
 * host, `--demo` runs the demo, `--exit` ends after it.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keep } from './children.ts';
import { childSettings, readConfig } from './config.ts';
import { runDemo } from './demo/demo.ts';
import { openLog } from './log.ts';
import { migrate } from './postgres/migrate.ts';
import { openPostgres } from './postgres/start.ts';
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

try {
  const applied = await migrate(url);
  if (applied.length > 0) log.info({ applied }, 'migrations applied');
  const env = childSettings(url, config.cacheDir);
  const api = keep('api', env, log);
  const runner = wants('--no-runner') ? undefined : keep('runner', env, log);
  stop = async () => {
    await Promise.all([api.stop(), runner?.stop()]);
    await postgres?.stop();
  };
  const ready = (await api.ready()) as { url: string };
  process.stdout.write(`\n  Tunix RT is running at ${ready.url}\n\n`);
  if (wants('--demo')) {
    await runDemo(ready.url, (line) => process.stdout.write(`${line}\n`));
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
