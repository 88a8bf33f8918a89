/** The runner process: `npm run runner`. Needs DATABASE_URL and a DATA_DIR; may run on any host. */
import { openApp } from './app.ts';
import { readConfig } from './config.ts';
import { onSignals } from './signals.ts';
import { startWork } from './work.ts';

const config = readConfig();
if (!config.database.url) {
  throw new Error('Set DATABASE_URL: a runner works for the system whose database it is given.');
}
const app = await openApp(config, config.database.url, 'runner');
const work = await startWork(app);
onSignals(app.log, async () => {
  await work.stop();
  await app[Symbol.asyncDispose]();
});
