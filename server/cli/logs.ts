/** `tunix-rt logs`: prints the log of a run, as far as it is or to its end. */
import { ask, Refused, type Target } from './ask.ts';
import { COMMON_HELP, define, EXIT, numberOf } from './define.ts';
import { followRun, RUN_EXIT_HELP } from './followRun.ts';
import { endOf, formatPart, LOG_PARTS, type LogBatch, type LogGap } from './logLines.ts';
import { findRun } from './runRef.ts';

const HELP = `Usage: tunix-rt logs RUN [options]

Prints the log of a run, by number or id. With --follow it goes on until the run has ended; when the
connection or the server goes away, it waits and goes on without a gap or a double. Ctrl-C ends the
following and leaves the run alone.

  --follow           go on while the run goes on
  --after N          only lines after this number [0]
  --wait SECONDS     how long to wait for a server that does not answer [60]
  --json             print one JSON document on each line: {"type": "log", "seq", "attempt", "stream",
                     "at", "text"}, "gap" where lines were lost, with --follow "end" with the run
${COMMON_HELP}

Exit codes: 0 the lines are printed. With --follow: ${RUN_EXIT_HELP}
`;

const PAGE = `${LOG_PARTS}
query CliLogPage($id: ID!, $after: BigInt) {
  runLogs(runId: $id, after: $after) { batches { ...CliBatch } gaps { ...CliGap } endSeq hasMore }
}`;

type Page = {
  runLogs: { batches: LogBatch[]; gaps: LogGap[]; endSeq: string; hasMore: boolean } | null;
};

/** What is stored of a log after line `after`, in order. @throws Refused, Unreachable */
async function* stored(target: Target, id: string, after: number) {
  for (let cursor = String(after); ; ) {
    const { runLogs } = await ask<Page>(target, PAGE, { id, after: cursor });
    if (!runLogs) throw new Refused('The run has just been deleted.', 'NOT_FOUND');
    const { batches, gaps, endSeq, hasMore } = runLogs;
    yield* [...batches, ...gaps].toSorted((a, b) => endOf(a) - endOf(b));
    if (!hasMore) return;
    cursor = endSeq;
  }
}

export const logsCommand = define({
  name: 'logs',
  help: HELP,
  options: {
    follow: { type: 'boolean', short: 'f' },
    after: { type: 'string' },
    wait: { type: 'string' },
  },
  takes: { min: 1, max: 1, called: 'the number of a run' },
  async body({ values, names: [ref = ''], target, terminal, say }) {
    const after = numberOf('after', values.after) ?? 0;
    const waitSeconds = numberOf('wait', values.wait) ?? 60;
    const isJson = values.json === true;
    const run = await findRun(target, ref);
    if (values.follow) {
      const how = { run, after, isJson, hasEvents: false, waitSeconds };
      return followRun({ target, terminal, say, ...how });
    }
    for await (const part of stored(target, run.id, after)) terminal.out(formatPart(part, isJson));
    return EXIT.ok;
  },
});
