/**
 * `npm run migrate`: applies the migrations that a database lacks, installs the queue, and ends. Needs
 * DATABASE_URL. `--roles` creates the roles of API, runner and readers besides, with the passwords of
 * DATABASE_API_PASSWORD, DATABASE_RUNNER_PASSWORD and DATABASE_READONLY_PASSWORD.
 */
import { readConfig } from './config.ts';
import { jobs } from './jobs.ts';
import { openLog } from './log.ts';
import { databaseFaultOf } from './postgres/faults.ts';
import { migrate } from './postgres/migrate.ts';
import { applyRoles, refreshRoles } from './postgres/roles.ts';
import { installQueue } from './queue.ts';

const config = readConfig();
const { url, rolePasswords } = config.database;
if (!url) {
  throw new Error('Set DATABASE_URL. The database of `npm start` is migrated when it starts.');
}
const log = openLog(config, 'migrate');
try {
  const applied = await migrate(url);
  await installQueue(url, jobs);
  log.info({ applied }, applied.length > 0 ? 'migrations applied' : 'nothing to migrate');
  if (process.argv.includes('--roles')) {
    await applyRoles(url, rolePasswords);
    log.info('roles have exactly their rights');
  } else if (await refreshRoles(url)) {
    log.info('the roles of this database have their rights on what is new');
  }
} catch (error) {
  const fault = databaseFaultOf(error);
  if (!fault) throw error;
  log.fatal(fault.message);
  process.exitCode = 1;
}
