/** The runner process: `npm run runner`. Needs DATABASE_URL and a DATA_DIR; may run on any host. */
import { openApp } from './app.ts';
import { readConfig } from './config.ts';
import { DomainError } from './errors.ts';
import { openRunnerPort } from './metrics/listen.ts';
import { NOT_AGAIN, onSignals } from './signals.ts';
import { startWork } from './work.ts';

/** How long a training may take to save its state when the key of the runner was revoked. */
const REFUSED_PATIENCE_MS = 8_000;

const config = readConfig();
if (!config.database.url) {
  throw new Error('Set DATABASE_URL: a runner works for the system whose database it is given.');
}
const app = await openApp(config, config.database.url, 'runner');
let runnerId: string | null = null;
const port = await openRunnerPort(app, () => runnerId);
const close = async () => {
  await port[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
};
const work = await startWork(app, onRefused).catch(async (error: unknown) => {
  if (!(error instanceof DomainError)) throw error;
  app.log.fatal(error.message);
  await close();
  process.exit(NOT_AGAIN);
});
runnerId = work.runnerId;
onSignals(app.log, async () => {
  await work.stop();
  await close();
});

function onRefused(): void {
  app.log.fatal(
    'The key of this runner was revoked, has expired, or its owner is no admin any more. It stops; start ' +
      'it again with another RUNNER_TOKEN.',
  );
  void work
    .stop(REFUSED_PATIENCE_MS)
    .then(close)
    .finally(() => process.exit(NOT_AGAIN));
}
