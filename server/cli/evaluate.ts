/** `tunix-rt evaluate`: has what a run predicted judged, and waits for the score. */
import { ask, granted, REFUSAL, type Refusal } from './ask.ts';
import { COMMON_HELP, define, EXIT, given, jsonLine, numberOf } from './define.ts';
import { counted, openProgress } from './progress.ts';
import { findRun } from './runRef.ts';
import { openStreams } from './streams.ts';

const HELP = `Usage: tunix-rt evaluate RUN [options]

Has the predictions of a completed run, by number or id, judged, and waits for the score.

  --judge NAME          the judge, or NAME@VERSION [answer_correctness]
  --endpoint NAME       for a judge that asks a language model: one of \`judgeEndpoints\` of the API
  --split SIDE          train, eval or test of the dataset
  --evaluation-set KEY  the evaluation set of the run
  --step N              a checkpoint of the training [0, the final model]
  --no-wait             end when it is asked for
  --wait SECONDS        how long to wait for a server that does not answer [60]
  --json                print the evaluation as JSON
${COMMON_HELP}

Exit codes: 0 it is judged, 1 the evaluation failed or was cancelled, 2 the command is wrong or names
something that does not exist, 3 the server cannot be reached, 4 it refuses: the run has no
predictions, or the key may not do this; 130 Ctrl-C, the evaluation goes on.
`;

const EVALUATION = `fragment CliEvaluation on Evaluation {
  id status judge { ref } split step score itemCount correctCount judgedCount metrics error
  run { number }
}`;

const EVALUATE = `${EVALUATION} ${REFUSAL}
mutation CliEvaluate($input: EvaluateRunInput!) {
  evaluateRun(input: $input) {
    ... on EvaluateRunPayload { evaluation { ...CliEvaluation } }
    ...Refusal
  }
}`;

const CHANGES = `${EVALUATION}
subscription CliEvaluation($id: ID!) { evaluationChanged(id: $id) { ...CliEvaluation } }`;

type Evaluation = {
  id: string;
  status: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
  judge: { ref: string };
  score: number | null;
  itemCount: number | null;
  judgedCount: number;
  error: string | null;
  run: { number: number };
};

const isOver = ({ status }: Evaluation) => status !== 'PENDING' && status !== 'RUNNING';

function describe({ run, judge, status, score, itemCount, error }: Evaluation): string {
  const what = `Run ${run.number} by ${judge.ref}`;
  if (score !== null) return `${what}: score ${score.toFixed(2)} over ${itemCount ?? 0} items`;
  return `${what}: ${status}${error === null ? '' : `, ${error}`}`;
}

export const evaluateCommand = define({
  name: 'evaluate',
  help: HELP,
  options: {
    judge: { type: 'string' },
    endpoint: { type: 'string' },
    split: { type: 'string' },
    'evaluation-set': { type: 'string' },
    step: { type: 'string' },
    'no-wait': { type: 'boolean' },
    wait: { type: 'string' },
  },
  takes: { min: 1, max: 1, called: 'the number of a run' },
  async body({ values, names: [ref = ''], target, terminal, say }) {
    const waitSeconds = numberOf('wait', values.wait) ?? 60;
    const { id: runId } = await findRun(target, ref);
    const input = given({
      runId,
      judge: values.judge,
      endpoint: values.endpoint,
      split: values.split?.toUpperCase(),
      evaluationSetKey: values['evaluation-set'],
      step: numberOf('step', values.step),
    });
    const { evaluateRun } = await ask<{ evaluateRun: { evaluation: Evaluation } | Refusal }>(
      target,
      EVALUATE,
      { input },
    );
    let { evaluation } = granted(evaluateRun);
    if (!values['no-wait'] && !isOver(evaluation)) {
      const isDrawn = terminal.isInteractive && !values.json;
      const progress = openProgress(isDrawn ? terminal.error : () => {}, counted('items'));
      const signal = terminal.interrupted();
      await using streams = openStreams(target, {
        signal,
        waitSeconds,
        onLost: (reason) => say(`${reason}; trying again.`),
      });
      const source = {
        variables: () => ({ id: evaluation.id }),
        isOver: () => isOver(evaluation),
      };
      const changes = streams.follow<{ evaluationChanged: Evaluation }>(CHANGES, source);
      for await (const { evaluationChanged } of changes) {
        evaluation = evaluationChanged;
        progress.update(evaluation.judgedCount, evaluation.itemCount);
      }
      progress.clear();
      if (signal.aborted) {
        say('No longer waiting; the evaluation goes on.');
        return EXIT.interrupted;
      }
    }
    terminal.out(values.json ? jsonLine(evaluation) : `${describe(evaluation)}\n`);
    return evaluation.status === 'FAILED' || evaluation.status === 'CANCELLED'
      ? EXIT.failed
      : EXIT.ok;
  },
});
