/** `npm run migrate`: applies the migrations that a database lacks, and ends. Needs DATABASE_URL. */
import { readConfig } from './config.ts';
import { openLog } from './log.ts';
import { migrate } from './postgres/migrate.ts';

const config = readConfig();
if (!config.database.url) {
  throw new Error('Set DATABASE_URL. The database of `npm start` is migrated when it starts.');
}
const log = openLog(config, 'migrate');
const applied = await migrate(config.database.url);
log.info({ applied }, applied.length > 0 ? 'migrations applied' : 'nothing to migrate');
