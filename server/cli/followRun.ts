/** Follows a run to its end: its log on stdout, how far it is on stderr. */
import { EXIT, jsonLine, type Surroundings } from './define.ts';
import { endOf, formatPart, LOG_PARTS, type LogBatch, type LogGap } from './logLines.ts';
import { counted, openProgress } from './progress.ts';
import { describeRun, findRun, type Run } from './runRef.ts';
import { openStreams, type Streams } from './streams.ts';

const LOG = `${LOG_PARTS}
subscription CliLog($id: ID!, $after: BigInt) {
  runLogs(runId: $id, after: $after) {
    ...CliBatch ...CliGap
    ... on StreamCompleted { __typename status }
  }
}`;

const EVENTS = `
fragment CliProgress on Run { progress { step totalSteps } }
subscription CliEvents($id: ID!, $after: BigInt, $metricsAfter: BigInt) {
  runEvents(runId: $id, after: $after, metricsAfter: $metricsAfter) {
    ... on RunEventNotice { __typename event { seq attempt kind at data } run { ...CliProgress } }
    ... on MetricUpdate {
      __typename lastSeq series { name points { step value } } run { ...CliProgress }
    }
    ... on StreamCompleted { __typename status }
  }
}`;

type Completed = { __typename: 'StreamCompleted'; status: Run['status'] };
type Progressing = { run: { progress: { step: number; totalSteps: number } | null } };
type Event = { seq: string; attempt: number; kind: string; at: string; data: unknown };
type Series = { name: string; points: { step: number; value: number | null }[] };
type LogMessage = { runLogs: LogBatch | LogGap | Completed | Record<string, never> };
type EventMessage = {
  runEvents:
    | ({ __typename: 'RunEventNotice'; event: Event } & Progressing)
    | ({ __typename: 'MetricUpdate'; lastSeq: string; series: Series[] } & Progressing)
    | Completed
    | Record<string, never>;
};

/** The end of a run as an exit code. */
const RUN_EXIT: Record<Run['status'], number> = {
  COMPLETED: EXIT.ok,
  FAILED: EXIT.failed,
  TIMEOUT: EXIT.timeout,
  CANCELLED: EXIT.cancelled,
  // Only of a run that was not followed.
  PENDING: EXIT.ok,
  RUNNING: EXIT.ok,
};

export const RUN_EXIT_HELP = `0 the run COMPLETED, 1 it FAILED, 5 TIMEOUT, 6 CANCELLED,
2 the command is wrong or names something that does not exist, 3 the server cannot be reached, 4 it
refuses: the key, the state of the run; 130 Ctrl-C, the run goes on.`;

type Follow = Surroundings & {
  run: Run;
  /** Log lines after this one. */
  after: number;
  isJson: boolean;
  /** Whether events and curves are told too, and the evaluations waited for. */
  hasEvents: boolean;
  waitSeconds: number;
};

/**
 * Follows until the run is over and gives the exit code. A lost connection is taken up again without
 * a gap or a double; Ctrl-C ends the following and leaves the run alone.
 * @throws Refused; Unreachable when the server is away for longer than `waitSeconds`.
 */
export async function followRun(follow: Follow): Promise<number> {
  const { target, terminal, say, run, isJson, hasEvents, waitSeconds } = follow;
  const isDrawn = terminal.isInteractive && !isJson;
  const progress = openProgress(isDrawn ? terminal.error : () => {}, counted('steps'));
  const printer = {
    out(text: string) {
      progress.clear();
      terminal.out(text);
    },
    say(line: string) {
      progress.clear();
      say(line);
    },
  };
  const state = { log: follow.after };
  // Either stream may fail; the other one is of no use then.
  const failing = new AbortController();
  const interruption = terminal.interrupted();
  const signal = AbortSignal.any([interruption, failing.signal]);
  const onLost = (reason: string) => printer.say(`${reason}; trying again.`);
  await using streams = openStreams(target, { signal, waitSeconds, onLost });
  const following = [
    followLines(streams, follow, state, printer.out),
    ...(hasEvents ? [followEvents(streams, follow, progress, printer.out)] : []),
  ];
  try {
    await Promise.all(following);
  } catch (error) {
    failing.abort();
    printer.say(goOn(run, state.log));
    throw error;
  } finally {
    await Promise.allSettled(following);
    progress.clear();
  }
  if (interruption.aborted) {
    printer.say(`No longer following; the run goes on. ${goOn(run, state.log)}`);
    printer.say(`Stop it: npx tunix-rt cancel ${run.number}`);
    return EXIT.interrupted;
  }
  const ended = await findRun(target, run.id);
  if (isJson) terminal.out(jsonLine({ type: 'end', run: ended }));
  else printEnd(ended, say);
  return RUN_EXIT[ended.status];
}

const goOn = ({ number }: Run, after: number) =>
  `Go on: npx tunix-rt logs ${number} --follow --after ${after}`;

async function followLines(
  streams: Streams,
  { run, isJson }: Follow,
  state: { log: number },
  out: (text: string) => void,
): Promise<void> {
  let isOver = false;
  const source = {
    variables: () => ({ id: run.id, after: String(state.log) }),
    isOver: () => isOver,
  };
  for await (const { runLogs: part } of streams.follow<LogMessage>(LOG, source)) {
    if (part.__typename === 'StreamCompleted') isOver = true;
    else if (part.__typename) {
      out(formatPart(part, isJson));
      state.log = endOf(part);
    }
  }
}

async function followEvents(
  streams: Streams,
  { run, isJson }: Follow,
  progress: ReturnType<typeof openProgress>,
  out: (text: string) => void,
): Promise<void> {
  const state = { after: '0', metricsAfter: '0', isOver: false };
  const source = {
    variables: () => ({ id: run.id, after: state.after, metricsAfter: state.metricsAfter }),
    isOver: () => state.isOver,
  };
  for await (const { runEvents: message } of streams.follow<EventMessage>(EVENTS, source)) {
    switch (message.__typename) {
      case 'RunEventNotice':
        state.after = message.event.seq;
        if (isJson) out(jsonLine({ type: 'event', ...message.event, seq: Number(state.after) }));
        break;
      case 'MetricUpdate':
        state.metricsAfter = message.lastSeq;
        if (isJson) out(jsonLine({ type: 'metrics', series: message.series }));
        break;
      case 'StreamCompleted':
        state.isOver = true;
        continue;
      default:
        continue;
    }
    const { progress: now } = message.run;
    if (now) progress.update(now.step, now.totalSteps);
  }
}

function printEnd(run: Run, say: (line: string) => void): void {
  say(describeRun(run));
  for (const { judge, score, status } of run.evaluations) {
    say(`  ${judge.ref}: ${score === null ? status : `score ${score.toFixed(2)}`}`);
  }
}
