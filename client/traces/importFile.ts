/** What is imported, as a file: reading its beginning and single lines of it in the browser. */

export type ImportFile = {
  name: string;
  blob: Blob;
  /** Sent as it is; the server unpacks it. */
  isGzip: boolean;
};

/** As much as the preview of the API takes, in characters. */
const SAMPLE_CHARS = 262_144;

export const fileOf = (file: File): ImportFile => ({
  name: file.name,
  blob: file,
  isGzip: /\.gz$/i.test(file.name) || file.type === 'application/gzip',
});

export const textFile = (text: string): ImportFile => ({
  name: 'pasted.jsonl',
  blob: new Blob([text]),
  isGzip: false,
});

/** The text of the file in pieces, unpacked. */
async function* textOf({ blob, isGzip }: ImportFile): AsyncGenerator<string> {
  const bytes: ReadableStream<BufferSource> = isGzip
    ? blob.stream().pipeThrough(new DecompressionStream('gzip'))
    : blob.stream();
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

/**
 * The beginning of the file for a preview: whole lines where there are any, because a line that is
 * cut would be reported as broken. @throws TypeError when a gzip file is none.
 */
export async function readSample(file: ImportFile): Promise<string> {
  let text = '';
  for await (const piece of textOf(file)) {
    text += piece;
    if (text.length <= SAMPLE_CHARS) continue;
    const cut = text.slice(0, SAMPLE_CHARS);
    const end = cut.lastIndexOf('\n');
    return end > 0 ? cut.slice(0, end + 1) : cut;
  }
  return text;
}

/** The texts of some lines, counted from 1 as the report does; reads no further than needed. */
export async function readLines(
  file: ImportFile,
  wanted: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const missing = new Set(wanted);
  const found = new Map<number, string>();
  let line = 1;
  let rest = '';
  const take = (text: string) => {
    if (missing.delete(line)) found.set(line, text.replace(/\r$/, ''));
    line += 1;
  };
  for await (const piece of textOf(file)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
    if (missing.size === 0) return found;
  }
  if (rest !== '') take(rest);
  return found;
}
