/** `tunix-rt backup`: everything that is stored, as one folder. It needs no running server. */
import { openStore } from '../artifacts/open.ts';
import { backUp } from '../backup/backup.ts';
import { readConfig } from '../config.ts';
import { jsonLine } from './define.ts';
import { defineStored, STORED_HELP } from './stored.ts';

const HELP = `Usage: tunix-rt backup FOLDER [options]

Writes all rows and all artifacts into a new folder, while the system goes on working: what is in it is
how everything was at one moment. Only its owner can read it; digests of passwords and keys are in it.

${STORED_HELP}`;

export const backupCommand = defineStored(
  'backup',
  HELP,
  async (folder, { open, json, terminal, progress }) => {
    const config = readConfig();
    await using database = await open(config);
    const store = openStore(config);
    try {
      const manifest = await backUp({ url: database.url, store }, folder, progress);
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      const { objects } = manifest;
      const bytes = objects.reduce((sum, object) => sum + object.size, 0);
      const said = { folder, rows, artifacts: objects.length, artifactBytes: bytes };
      terminal.out(
        json
          ? jsonLine(said)
          : `${folder}: ${rows} rows, ${objects.length} artifacts of ${(bytes / 1e6).toFixed(1)} MB\n`,
      );
    } finally {
      store.close();
    }
  },
);
