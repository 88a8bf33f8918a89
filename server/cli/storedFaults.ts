/** What keeps `backup` and `restore` from their work, in sentences that say what to do. */
import { StoreAwayError } from '../artifacts/faults.ts';
import { BackupError } from '../backup/errors.ts';
import { BadSettingsError } from '../config.ts';
import { PostgresStartError } from '../postgres/errors.ts';
import { databaseFaultOf } from '../postgres/faults.ts';
import { MigrationChangedError, MigrationFailedError } from '../postgres/migrate.ts';
import { EXIT } from './define.ts';

/** The exit code, and what is said; each line for itself. */
export type StoredFault = { code: number; message: string };

/** Their messages say what to do. */
const EXPECTED = [
  BackupError,
  StoreAwayError,
  PostgresStartError,
  MigrationChangedError,
  MigrationFailedError,
];

const DATABASE_EXIT = { away: EXIT.unreachable, refused: EXIT.refused, failed: EXIT.failed };

/** Of the system, about a file or a folder. */
const FILE_REMEDIES: Record<string, string> = {
  EACCES: 'Let the user of this process in',
  EPERM: 'Let the user of this process in',
  EROFS: 'Mount it for writing',
  ENOENT: 'Make it',
  ENOTDIR: 'Remove what is in its way and is no folder',
  EEXIST: 'Remove what is in its way and is no folder',
  ENOSPC: 'Free space on its disk',
  EDQUOT: 'Free space of your quota on its disk',
  EIO: 'Look whether its disk works',
};

/** What is told of an error; null for a bug. */
export function storedFaultOf(error: unknown): StoredFault | null {
  if (error instanceof BadSettingsError) return { code: EXIT.usage, message: error.message };
  if (EXPECTED.some((kind) => error instanceof kind)) {
    return { code: EXIT.failed, message: (error as Error).message };
  }
  const database = databaseFaultOf(error);
  if (database) return { code: DATABASE_EXIT[database.kind], message: database.message };
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  const remedy = FILE_REMEDIES[code];
  if (!remedy || !syscall) return null;
  // A write to a file that is open does not say which one.
  const what = path ?? 'The folder';
  return {
    code: EXIT.failed,
    message: `${what} cannot be used (${code}). ${remedy}, or name another folder.`,
  };
}
