/** What `backup` and `restore` have in common: they reach what is stored themselves. */
import { join } from 'node:path';
import { StoreAwayError } from '../artifacts/faults.ts';
import type { OnProgress } from '../backup/backup.ts';
import { BackupError } from '../backup/errors.ts';
import type { Config } from '../config.ts';
import { PostgresStartError } from '../postgres/errors.ts';
import { MigrationChangedError, MigrationFailedError } from '../postgres/migrate.ts';
import { reachPostgres } from '../postgres/reach.ts';
import type { Command, Terminal } from './command.ts';
import { define, EXIT } from './define.ts';
import { openProgress } from './progress.ts';

export const STORED_HELP = `The database is that of DATABASE_URL, as the owner of its tables, or else the one in DATA_DIR; artifacts are
where ARTIFACT_STORE says. These and the other settings are those of the server.

  --json             print what was done as JSON
  --help             print this

Exit codes: 0 done, 1 it could not be done and nothing is half done, 2 the command is wrong.
`;

type Use = {
  open(config: Config): Promise<{ url: string } & AsyncDisposable>;
  json: boolean;
  terminal: Terminal;
  progress: OnProgress;
};

/** A command on one folder. */
export const defineStored = (
  name: string,
  help: string,
  work: (folder: string, use: Use) => Promise<void>,
): Command =>
  define({
    name,
    help,
    options: {},
    takes: { min: 1, max: 1, called: 'one folder' },
    async body({ names: [folder = ''], values, terminal, say }) {
      const bar = terminal.isInteractive ? openProgress(terminal.error) : null;
      let bytes = 0;
      try {
        const progress: OnProgress = (_what, more) => {
          bytes += more;
          bar?.update(bytes, null);
        };
        await work(folder, { open, json: values.json === true, terminal, progress });
        bar?.clear();
        return EXIT.ok;
      } catch (error) {
        bar?.clear();
        if (!EXPECTED.some((kind) => error instanceof kind)) throw error;
        say(`tunix-rt ${name}: ${(error as Error).message}`);
        return EXIT.failed;
      }
    },
  });

const EXPECTED = [
  BackupError,
  StoreAwayError,
  PostgresStartError,
  MigrationChangedError,
  MigrationFailedError,
];

const open = async ({ database, dataDir }: Config): Promise<{ url: string } & AsyncDisposable> => {
  const { url } = database;
  if (url) return { url, [Symbol.asyncDispose]: async () => {} };
  return reachPostgres(join(dataDir, 'postgres'), () => {});
};
