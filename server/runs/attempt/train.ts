/** The training process of one attempt, from its start to its end. */
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { readOomKills } from '../../lib/oomKills.ts';
import type { LogWriter } from '../../logs/writer.ts';
import { trainCommand } from '../../tunix/command.ts';
import { type Exit, start } from '../../tunix/process.ts';
import type { Lease } from '../lease.ts';
import { storeCheckpoint } from './checkpoints.ts';
import type { CheckpointKeeper } from './keeper.ts';
import { classify, type Outcome } from './outcome.ts';
import type { Prepared } from './prepare.ts';
import { openReporter } from './report.ts';
import type { Watch } from './watch.ts';

/** Runs the training process to its end. */
export async function train(
  app: App,
  lease: Lease,
  { datasetId }: { datasetId: string },
  python: string,
  prepared: Prepared,
  keeper: Pick<CheckpointKeeper, 'take'>,
  log: LogWriter,
  watch: Watch,
): Promise<Outcome> {
  const from = prepared.resumedFrom;
  await log.say(from === null ? 'Training starts.' : `Training resumes from step ${from}.`);

  const oomKills = await readOomKills();
  const command = trainCommand(app.config, python, prepared.configFile);
  const child = start(command, prepared.attemptDir, log.write);
  const trainerEnded = app.metrics.runner.trainerStarted();
  const { attemptDir } = prepared;
  const reporter = openReporter(app, lease, join(attemptDir, 'events.jsonl'), watch.lost, {
    // Metrics that cannot be stored would be lost silently if the child went on.
    failure: child.kill,
    checkpoint: keeper.take,
    predictions: (step) => storeCheckpoint(app, lease, { datasetId, attemptDir }, step, watch.lost),
  });
  const grace = stopOnRequest(child, watch, app.config.runner.stopGraceSeconds * 1000);
  let exit: Exit;
  try {
    exit = await child.exit;
  } finally {
    clearTimeout(grace.timer);
    trainerEnded();
    await reporter.close();
  }
  const last = reporter.error ?? log.tail().split('\n').at(-1) ?? '';
  return classify(exit, watch.reason, last, (await readOomKills()) > oomKills);
}

function stopOnRequest(child: ReturnType<typeof start>, watch: Watch, graceMs: number) {
  const state: { timer: NodeJS.Timeout | undefined } = { timer: undefined };
  const ask = () => {
    child.signal('SIGTERM');
    state.timer = setTimeout(child.kill, graceMs);
  };
  if (watch.stop.aborted) ask();
  else watch.stop.addEventListener('abort', ask, { once: true });
  if (watch.kill.aborted) child.kill();
  else watch.kill.addEventListener('abort', child.kill, { once: true });
  return state;
}
