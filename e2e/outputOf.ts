import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** What a program says until it ends, and its exit code, null if a signal ended it. */
export async function outputOf(program: ChildProcess) {
  const [out, error, [code]] = await Promise.all([
    text(program.stdout as Readable),
    text(program.stderr as Readable),
    once(program, 'exit') as Promise<[number | null]>,
  ]);
  return { out, error, code };
}
