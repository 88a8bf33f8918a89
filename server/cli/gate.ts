/** `tunix-rt gate`: has the server check a run against a baseline and ends with its verdict. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { printable } from '../lib/text.ts';
import { Refused, Unreachable } from './ask.ts';
import type { Command, Terminal } from './command.ts';
import { awaitSubject, check, type GateCheck } from './gateCheck.ts';
import { asJunit } from './gateJunit.ts';
import { asMarkdown, asText, headline } from './gateReports.ts';

export const GATE_EXIT = {
  pass: 0,
  regressed: 1,
  inconclusive: 2,
  notComparable: 3,
  usage: 4,
  failed: 5,
} as const;

const HELP = `Usage: tunix-rt gate --run N --baseline NAME [options]

Checks a run against a baseline. The server decides and stores the verdict; what is printed here is
what its page and its API show.

  --run N|ID         the run, by number or id; its newest evaluation made like the pinned one counts
  --evaluation ID    this evaluation, instead of the run's newest or of any run
  --baseline NAME    the baseline
  --wait SECONDS     wait so long for the run to end and be evaluated [0]
  --url URL          the server [TUNIX_RT_URL, else http://127.0.0.1:4000]
  --json             print the stored check as JSON
  --junit FILE       write a JUnit report
  --markdown FILE|-  write a summary as Markdown; - prints it instead of the text
  --help             print this

A server that wants to know who asks gets the key in TUNIX_RT_KEY.

In a step of GitHub Actions: --markdown - >> "$GITHUB_STEP_SUMMARY"

Exit codes: 0 passed, also with a warning, 1 regressed, 2 inconclusive where the policy stops that,
3 not comparable, 4 the command is wrong, names something that does not exist, or its key may not do
this, 5 the server cannot be reached, or the run has no completed evaluation.
`;

const OPTIONS = {
  run: { type: 'string' },
  evaluation: { type: 'string' },
  baseline: { type: 'string' },
  wait: { type: 'string' },
  url: { type: 'string' },
  json: { type: 'boolean' },
  junit: { type: 'string' },
  markdown: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The command is wrong. */
class Misused extends Error {}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** What the options say. */
function planOf(values: Values, defaultUrl: string) {
  const { run, evaluation, baseline } = values;
  if (!baseline) throw new Misused('Name the baseline with --baseline.');
  if (!run && !evaluation) throw new Misused('Name a run with --run, or an evaluation.');
  const wait = Number(values.wait ?? 0);
  if (!(wait >= 0 && Number.isFinite(wait))) {
    throw new Misused('--wait takes a number of seconds.');
  }
  const url = URL.parse(values.url ?? defaultUrl);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Misused('--url takes an http address.');
  const printsMarkdown = values.markdown === '-';
  if (printsMarkdown && values.json) throw new Misused('Print either --json or --markdown -.');
  return { baseline, named: { run, evaluation }, wait, url };
}

/** The exit code of a check: by its outcome, so that it says what the server says. */
export function exitOf({ verdict, outcome }: Pick<GateCheck, 'verdict' | 'outcome'>): number {
  if (outcome !== 'FAIL') return GATE_EXIT.pass;
  if (verdict === 'INCONCLUSIVE') return GATE_EXIT.inconclusive;
  return verdict === 'NOT_COMPARABLE' ? GATE_EXIT.notComparable : GATE_EXIT.regressed;
}

async function report(terminal: Terminal, values: Values, checked: GateCheck): Promise<void> {
  if (values.json) terminal.out(`${JSON.stringify(checked, null, 2)}\n`);
  else terminal.out(values.markdown === '-' ? asMarkdown(checked) : asText(checked));
  if (checked.outcome === 'WARN') terminal.error(`tunix-rt gate: ${headline(checked)}.\n`);
  if (values.junit) await writeFile(values.junit, asJunit(checked));
  if (values.markdown && values.markdown !== '-') {
    await writeFile(values.markdown, asMarkdown(checked));
  }
}

export const gateCommand: Command = async (args, terminal) => {
  const say = (message: string) => terminal.error(`tunix-rt gate: ${printable(message)}\n`);
  try {
    const { values } = read(args);
    if (values.help) {
      terminal.out(HELP);
      return GATE_EXIT.pass;
    }
    const { baseline, named, wait, url } = planOf(values, terminal.url);
    const target = { url, key: terminal.key };
    const subject = await awaitSubject(target, named, wait);
    if (!subject) {
      say(`There is no finished evaluation after ${wait} seconds.`);
      return GATE_EXIT.failed;
    }
    const checked = await check(target, baseline, subject);
    await report(terminal, values, checked);
    return exitOf(checked);
  } catch (error) {
    if (error instanceof Misused) {
      say(error.message);
      terminal.error(`\n${HELP}`);
      return GATE_EXIT.usage;
    }
    if (error instanceof Refused) {
      say(error.message);
      return [...WRONG_NAMES, ...WRONG_KEY].includes(error.code)
        ? GATE_EXIT.usage
        : GATE_EXIT.failed;
    }
    if (error instanceof Unreachable || isFileError(error)) {
      say(error.message);
      return GATE_EXIT.failed;
    }
    throw error;
  }
};

/** Codes of the API for what the command names wrongly. */
const WRONG_NAMES = ['NOT_FOUND', 'VALIDATION', 'BAD_ID', 'BAD_VALUE'];
/** Codes of the API for a key that is missing, unknown or may not do this. */
const WRONG_KEY = ['UNAUTHENTICATED', 'FORBIDDEN'];

/** A report that could not be written. */
const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

function read(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS });
  } catch (error) {
    throw new Misused((error as Error).message);
  }
}
