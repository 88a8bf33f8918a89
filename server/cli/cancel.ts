/** `tunix-rt cancel`: stops a run. */
import { ask, granted, REFUSAL, type Refusal } from './ask.ts';
import { COMMON_HELP, define, EXIT, jsonLine } from './define.ts';
import { describeRun, findRun, RUN, type Run } from './runRef.ts';

const HELP = `Usage: tunix-rt cancel RUN [options]

Stops a run, by number or id. One that trains saves a checkpoint first, from which it can be resumed.

  --now              stop at once, without a checkpoint
  --json             print the run as JSON
${COMMON_HELP}

Exit codes: 0 it stops, 2 the command is wrong or there is no such run, 3 the server cannot be reached,
4 it refuses: the run has ended, or the key may not do this.
`;

const CANCEL = `${RUN} ${REFUSAL}
mutation CliCancel($input: CancelRunInput!) {
  cancelRun(input: $input) { ... on CancelRunPayload { run { ...CliRun } } ...Refusal }
}`;

export const cancelCommand = define({
  name: 'cancel',
  help: HELP,
  options: { now: { type: 'boolean' } },
  takes: { min: 1, max: 1, called: 'the number of a run' },
  async body({ values, names: [ref = ''], target, terminal, say }) {
    const { id: runId } = await findRun(target, ref);
    const input = { runId, mode: values.now ? 'NOW' : 'SAVE' };
    const answer = await ask<{ cancelRun: { run: Run } | Refusal }>(target, CANCEL, { input });
    const { run } = granted(answer.cancelRun);
    if (values.json) terminal.out(jsonLine(run));
    else say(run.status === 'CANCELLED' ? describeRun(run) : `Run ${run.number} is stopping.`);
    return EXIT.ok;
  },
});
