/** The API process: UI, GraphQL, subscriptions and files on one port. Needs DATABASE_URL. */
import { inviteFirstAdmin } from './access/invitations.ts';
import { linkTo } from './access/links.ts';
import { openApp } from './app.ts';
import { readConfig } from './config.ts';
import { openHttp } from './http/server.ts';
import { onSignals } from './signals.ts';
import { startIndexing } from './traces/indexing.ts';

const config = readConfig();
if (!config.database.url) {
  throw new Error('Set DATABASE_URL, or use `npm start`, which brings a database of its own.');
}
const app = await openApp(config, config.database.url, 'api');
const http = await openHttp(app);
const indexing = startIndexing(app);
app.log.info({ url: http.url }, 'api is ready');
if (config.access.required) {
  const token = await inviteFirstAdmin(app);
  if (token) {
    const link = linkTo(config, `/invitation?token=${token}`, http.url);
    process.stdout.write(`\n  Nobody has an account yet. Make the first, an admin, at ${link}\n\n`);
  }
}
process.send?.({ url: http.url });
onSignals(app.log, async () => {
  await http.close();
  await indexing.stop();
  await app[Symbol.asyncDispose]();
});
