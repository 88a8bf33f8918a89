/** A backup could not be made, or is not fit to be restored here; the message says why and what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
