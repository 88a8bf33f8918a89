/**
 * Records in tokens, by the functions that training calls (`tunix_rt/tokens.py`). Each call is one
 * process of some seconds; records and answers are files, so that any number of them fits.
 */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Config } from '../config.ts';
import { UnavailableError } from '../errors.ts';
import { tokensCommand } from './command.ts';
import type { BaseModel } from './models.ts';
import { start } from './process.ts';

/** One token: its number, its part of the text, and whether the model learns to write it. */
type Token = { id: number; text: string; loss: boolean };

/** One record; the last three only when tokens are listed. */
export type TokenLine = {
  id: string;
  /** All its tokens, prompt and completion. */
  count: number;
  text?: string;
  tokens?: Token[];
  loss_count?: number;
};

type Request = {
  model: BaseModel;
  /** The training records, of which the built-in model learns its tokenizer. */
  trainFile: string;
  /** Files of records as training reads them. */
  recordFiles: string[];
  /** How many tokens of each record to list; 0 counts alone. */
  listTokens: number;
};

const LAST_WORDS = 2_000;

/**
 * Yields one line for each record, in order. `dir` is an empty folder for this call alone. When the
 * signal aborts, the process is killed and the reason of the signal thrown.
 * @throws UnavailableError with the last words of the process when it fails.
 */
export async function* readTokens(
  config: Pick<Config, 'tunix' | 'cacheDir'>,
  python: string,
  dir: string,
  { model, trainFile, recordFiles, listTokens }: Request,
  signal: AbortSignal,
): AsyncGenerator<TokenLine, void> {
  signal.throwIfAborted();
  const output = join(dir, 'tokens.jsonl');
  const requestFile = join(dir, 'request.json');
  const request = {
    model_path: model.dir,
    tiny: model.dir ? null : { train: trainFile },
    records: recordFiles,
    output,
    list_tokens: listTokens,
    exit_with_parent: true,
  };
  await writeFile(requestFile, JSON.stringify(request));
  let said = '';
  const child = start(tokensCommand(config, python, requestFile), dir, (stream, bytes) => {
    if (stream === 'STDERR') said = (said + bytes.toString('utf8')).slice(-LAST_WORDS);
  });
  signal.addEventListener('abort', child.kill, { once: true });
  const exit = await child.exit;
  signal.removeEventListener('abort', child.kill);
  signal.throwIfAborted();
  if (exit.kind !== 'exited' || exit.code !== 0) {
    const last = said.trim().split('\n').at(-1);
    const why = exit.kind === 'absent' ? exit.reason : last || `its process ended (${exit.kind})`;
    throw new UnavailableError(
      `The tokens of ${model.id} could not be made: ${why}.`,
      'Mend this, then ask again.',
    );
  }
  const lines = createInterface({ input: createReadStream(output), crlfDelay: Infinity });
  for await (const line of lines) yield JSON.parse(line) as TokenLine;
}
