/**
 * `npm run runner-key -- FILE`: a key for runners that are set up together with the server, as those of
 * docker-compose.yml. Makes one and writes it to FILE, unless what stands there is good already. Needs
 * DATABASE_URL, of the API.
 */
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import pg from 'pg';
import { SYSTEM } from './access/actor.ts';
import { findKey } from './access/findKey.ts';
import { insertKey } from './access/keys.ts';
import { openAuditWriter } from './audit/writer.ts';
import { readConfig } from './config.ts';
import { openLog } from './log.ts';
import { databaseFaultOf } from './postgres/faults.ts';

const config = readConfig();
const [file] = process.argv.slice(2);
if (!config.database.url || !file)
  throw new Error('Set DATABASE_URL, and name the file of the key.');
const log = openLog(config, 'runner-key');
const sql = new pg.Pool({ connectionString: config.database.url, max: 1 });
try {
  const known = await readFile(file, 'utf8').catch(() => '');
  if ((await findKey({ sql }, known))?.scopes.has('RUNNER')) {
    log.info({ file }, 'the key of the runners is good');
  } else {
    const name = 'runners of this set-up';
    const key = await insertKey(
      { sql },
      { name, scopes: ['RUNNER'], ownerId: null, createdBy: SYSTEM.name, expiresInDays: null },
    );
    const draft = `${file}.draft`;
    // One that was left behind may not be written to.
    await rm(draft, { force: true });
    await writeFile(draft, key.secret, { mode: 0o600, flush: true });
    await chmod(draft, 0o400);
    await rename(draft, file);
    await openAuditWriter(sql).record({
      actor: SYSTEM,
      call: { requestId: 'runner-key', address: null, client: null },
      action: 'createApiKey',
      target: null,
      outcome: 'OK',
      detail: { name, scopes: ['RUNNER'] },
    });
    log.info({ file }, 'a key for the runners was made');
  }
} catch (error) {
  const fault = databaseFaultOf(error);
  if (!fault) throw error;
  log.fatal(fault.message);
  process.exitCode = 1;
} finally {
  await sql.end();
}
