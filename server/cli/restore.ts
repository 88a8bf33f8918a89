/** `tunix-rt restore`: a backup into an empty database. API and runners are not running. */
import { openStore } from '../artifacts/open.ts';
import { restore } from '../backup/restore.ts';
import { readConfig } from '../config.ts';
import { jobs } from '../jobs.ts';
import { refreshRoles } from '../postgres/roles.ts';
import { installQueue } from '../queue.ts';
import { jsonLine } from './define.ts';
import { defineStored, STORED_HELP } from './stored.ts';

const HELP = `Usage: tunix-rt restore FOLDER [options]

Brings a backup into an empty database and its artifacts into the store. Every part is compared with its
digest first, and all rows come at once or not at all. A backup of an older version is brought up to date.

${STORED_HELP}`;

export const restoreCommand = defineStored(
  'restore',
  HELP,
  async (folder, { open, json, terminal, progress }) => {
    const config = readConfig();
    await using database = await open(config);
    const { url } = database;
    const store = openStore(config);
    try {
      const manifest = await restore(
        { url, store, installQueue: () => installQueue(url, jobs) },
        folder,
        progress,
      );
      await refreshRoles(url);
      const { createdAt, version, objects } = manifest;
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      const said = { folder, createdAt, version, rows, artifacts: objects.length };
      terminal.out(
        json
          ? jsonLine(said)
          : `Restored ${rows} rows and ${objects.length} artifacts of ${createdAt}. Start the server now.\n`,
      );
    } finally {
      store.close();
    }
  },
);
