/** `tunix-rt import`: sends a file and says what became of it. */
import { parseArgs } from 'node:util';
import { printable } from '../lib/text.ts';
import { Refused, Unreachable } from './ask.ts';
import type { Command, Terminal } from './command.ts';
import { openProgress } from './progress.ts';
import { openSource, SourceError } from './source.ts';
import { type ImportAnswer, upload } from './upload.ts';

export const EXIT = { ok: 0, rejected: 1, usage: 2, unreachable: 3, failed: 4 } as const;

const HELP = `Usage: tunix-rt import FILE [options]

Sends a file of traces to a running server: lines of JSON, or one JSON array; FILE may be packed
(.gz), and - is the standard input. When the connection or the server goes away, it waits and goes
on where the server stands; the same command later goes on too, also after Ctrl-C.

  --url URL          the server [TUNIX_RT_URL, else http://127.0.0.1:4000]
  --source TEXT      where the traces come from
  --tag TAG          a label for all of them; may be given up to 32 times
  --format FORMAT    auto, ndjson or json [auto]
  --mapping JSON     which field is what: {"prompt": "q", "steps": "a.steps", "finalAnswer": "a.result"}
  --max-errors N     stop after so many bad lines [no limit]
  --gzip             the input is packed, whatever its name
  --key KEY          names the import [made of the path, size, time and options of the file]
  --wait SECONDS     how long to wait for a server that does not answer [60]
  --json             print the report of the server as JSON
  --quiet            print errors only
  --help             print this

A server that wants to know who asks gets the key in TUNIX_RT_KEY.

Exit codes: 0 every line is stored or was there already, 1 some lines were rejected, 2 the command is
wrong, 3 the server cannot be reached, 4 the import failed, was cancelled or is not allowed.
`;

const OPTIONS = {
  url: { type: 'string' },
  source: { type: 'string' },
  tag: { type: 'string', multiple: true },
  format: { type: 'string' },
  mapping: { type: 'string' },
  'max-errors': { type: 'string' },
  gzip: { type: 'boolean' },
  key: { type: 'string' },
  wait: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const read = (args: string[]) => parseArgs({ args, options: OPTIONS, allowPositionals: true });

/** What is said of an import at its end. */
function summary({ result, seconds }: { result: ImportAnswer; seconds: number }): string {
  const { lines, stored, duplicates, rejected, repeated } = result;
  const count = (value: number) => value.toLocaleString('en-GB');
  const parts = [
    `${count(stored)} stored`,
    `${count(duplicates)} there already`,
    `${count(rejected)} rejected`,
  ];
  const note = repeated ? ' This import was complete before; nothing was sent.' : '';
  return `${count(lines)} lines: ${parts.join(', ')}, in ${seconds.toFixed(1)} s.${note}\n`;
}

/** The first bad lines, with how many there are of each kind. */
function complaints({ report, rejected, rejectedByCode }: ImportAnswer): string {
  const shown = report
    .slice(0, 10)
    .map(({ line, message }) => `  line ${line}: ${printable(message)}\n`);
  const more = rejected > shown.length ? `  … and ${rejected - shown.length} more\n` : '';
  const codes = Object.entries(rejectedByCode).map(([code, count]) => `${count} ${code}`);
  return `Rejected: ${codes.join(', ')}\n${shown.join('')}${more}`;
}

export const importCommand: Command = async (args, terminal) => {
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(args);
  } catch (error) {
    return usage(terminal, (error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    terminal.out(HELP);
    return EXIT.ok;
  }
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) return usage(terminal, 'Name one file, or -.');
  const wait = Number(values.wait ?? 60);
  if (!(wait >= 0)) return usage(terminal, '--wait takes a number of seconds.');
  const url = URL.parse(values.url ?? terminal.url);
  if (!url || !/^https?:$/.test(url.protocol))
    return usage(terminal, '--url takes an http address.');
  const options = new URLSearchParams();
  for (const [name, value] of [
    ['source', values.source],
    ['format', values.format],
    ['mapping', values.mapping],
    ['maxErrors', values['max-errors']],
  ] as const) {
    if (value !== undefined) options.set(name, value);
  }
  for (const tag of values.tag ?? []) options.append('tag', tag);

  const isShown = terminal.isInteractive && !values.quiet && !values.json;
  const progress = openProgress(isShown ? terminal.error : () => {});
  const began = performance.now();
  try {
    const source = await openSource(file, terminal.input, values.gzip === true, options);
    const { isUsage, ...result } = await upload({
      target: { url, key: terminal.key },
      source,
      options,
      key: values.key ?? null,
      waitSeconds: wait,
      progress,
      say: values.quiet ? () => {} : (line) => terminal.error(`${printable(line)}\n`),
    });
    progress.clear();
    if (values.json) terminal.out(`${JSON.stringify(result)}\n`);
    if (result.error) {
      terminal.error(`${result.error.code}: ${printable(result.error.message)}\n`);
      return isUsage ? EXIT.usage : EXIT.failed;
    }
    const seconds = (performance.now() - began) / 1000;
    if (!values.json && !values.quiet) terminal.out(summary({ result, seconds }));
    if (result.rejected > 0 && !values.json) terminal.error(complaints(result));
    return result.rejected > 0 ? EXIT.rejected : EXIT.ok;
  } catch (error) {
    progress.clear();
    if (error instanceof SourceError) {
      terminal.error(`tunix-rt import: ${printable(error.message)}\n`);
      return EXIT.usage;
    }
    const isRefused = error instanceof Refused;
    if (!isRefused && !(error instanceof Unreachable)) throw error;
    terminal.error(`${printable(error.message)}\n`);
    return isRefused ? EXIT.failed : EXIT.unreachable;
  }
};

function usage(terminal: Terminal, message: string): number {
  terminal.error(`tunix-rt import: ${printable(message)}\n\n${HELP}`);
  return EXIT.usage;
}
