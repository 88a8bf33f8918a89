/** What `backup` and `restore` have in common: they reach what is stored themselves. */
import { join } from 'node:path';
import type { OnProgress } from '../backup/backup.ts';
import type { Config } from '../config.ts';
import { reachPostgres } from '../postgres/reach.ts';
import type { Command, Terminal } from './command.ts';
import { define, EXIT } from './define.ts';
import { openProgress } from './progress.ts';
import { storedFaultOf } from './storedFaults.ts';

export const STORED_HELP = `The database is that of DATABASE_URL, as the owner of its tables, or else the one in DATA_DIR; artifacts are
where ARTIFACT_STORE says. These and the other settings are those of the server.

  --json             print what was done as JSON
  --help             print this

Exit codes: 0 done, 1 it could not be done and nothing is half done, 2 the command or a setting is wrong,
3 the database cannot be reached, 4 it refuses: the user, the password, the name of the database or a right.
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
        const fault = storedFaultOf(error);
        if (!fault) throw error;
        for (const line of `tunix-rt ${name}: ${fault.message}`.split('\n')) say(line);
        return fault.code;
      }
    },
  });

const open = async ({ database, dataDir }: Config): Promise<{ url: string } & AsyncDisposable> => {
  const { url } = database;
  if (url) return { url, [Symbol.asyncDispose]: async () => {} };
  return reachPostgres(join(dataDir, 'postgres'), () => {});
};
