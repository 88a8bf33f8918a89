/** `tunix-rt run`: starts a run, and follows it to its end when asked. */

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ask, granted, REFUSAL, type Refusal } from './ask.ts';
import type { Terminal } from './command.ts';
import {
  COMMON_HELP,
  define,
  EXIT,
  given,
  jsonLine,
  Misused,
  numberOf,
  objectOf,
} from './define.ts';
import { followRun, RUN_EXIT_HELP } from './followRun.ts';
import { describeRun, RUN, type Run } from './runRef.ts';

const HELP = `Usage: tunix-rt run --dataset KEY --model ID [options]

Starts a run and prints its number. With --follow it prints the log while it is written and draws how
far the training is; when the connection or the server goes away, it waits and goes on without a gap
or a double. Ctrl-C ends the following and leaves the run alone.

  --dataset KEY         what it learns from
  --model ID            what it starts from: one of \`models\` of the API
  --set NAME=VALUE      a hyperparameter of the API: batchSize=8, learningRate=1e-3, lora.rank=16; may be
                        given many times
  --dry-run             prepare everything and train nothing
  --name TEXT           a name for people
  --evaluation-set KEY  what it is judged on [the TEST side of the dataset]
  --label LABEL         what a runner must offer; may be given many times
  --priority N          -100 to 100, higher first; one below 0 as --priority=-5 [0]
  --timeout SECONDS     how long it may take
  --acknowledge CODE    a warning that is meant so; may be given many times
  --idempotency-key K   the same key and request give the same run
  --input FILE|-        CreateRunInput of the API as YAML or JSON; options come on top of it
  --follow              follow it to its end
  --wait SECONDS        with --follow: how long to wait for a server that does not answer [60]
  --json                print the run as JSON; with --follow one document on each line, by their
                        "type": run, log, gap, event, metrics, end
${COMMON_HELP}

Exit codes: 0 the run waits for a runner. With --follow: ${RUN_EXIT_HELP}
`;

const CREATE = `${RUN} ${REFUSAL}
mutation CliCreateRun($input: CreateRunInput!) {
  createRun(input: $input) {
    ... on CreateRunPayload { created run { ...CliRun warnings { code message acknowledged } } }
    ...Refusal
  }
}`;

type Warning = { code: string; message: string; acknowledged: boolean };
type Created = { created: boolean; run: Run & { warnings: Warning[] } };

const OPTIONS = {
  dataset: { type: 'string' },
  model: { type: 'string' },
  set: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  name: { type: 'string' },
  'evaluation-set': { type: 'string' },
  label: { type: 'string', multiple: true },
  priority: { type: 'string' },
  timeout: { type: 'string' },
  acknowledge: { type: 'string', multiple: true },
  'idempotency-key': { type: 'string' },
  input: { type: 'string' },
  follow: { type: 'boolean', short: 'f' },
  wait: { type: 'string' },
} as const;

/** What a file or the standard input says. @throws Misused */
async function inputOf(file: string | undefined, terminal: Terminal): Promise<object> {
  if (file === undefined) return {};
  const content = await (file === '-' ? text(terminal.input) : readFile(file, 'utf8')).catch(
    (error: Error) => {
      throw new Misused(`${file} cannot be read: ${error.message}`);
    },
  );
  return objectOf('input', content);
}

/** `a.b=1` into `{a: {b: 1}}`; the server says whether there is such a thing. @throws Misused */
export function settingsOf(texts: readonly string[], start: object = {}): Record<string, unknown> {
  const settings = structuredClone(start) as Record<string, unknown>;
  for (const each of texts) {
    const [, name, value] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(each) ?? [];
    if (name === undefined || value === undefined) {
      throw new Misused(`--set takes NAME=VALUE, not ${each}.`);
    }
    const path = name.split('.');
    const last = path.pop() ?? '';
    let place = settings;
    for (const part of path) {
      const next = Object.hasOwn(place, part) ? place[part] : {};
      place = place[part] = Object(next) as Record<string, unknown>;
    }
    place[last] = parsed(value);
  }
  return settings;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const runCommand = define({
  name: 'run',
  help: HELP,
  options: OPTIONS,
  takes: { min: 0, max: 0, called: 'options only' },
  async body({ values, target, terminal, say }) {
    const waitSeconds = numberOf('wait', values.wait) ?? 60;
    const base: { hyperparameters?: object } = await inputOf(values.input, terminal);
    const input: Record<string, unknown> = {
      mode: 'LOCAL',
      ...base,
      ...given({
        mode: values['dry-run'] ? 'DRY_RUN' : undefined,
        datasetKey: values.dataset,
        modelId: values.model,
        name: values.name,
        evaluationSetKey: values['evaluation-set'],
        requiredLabels: values.label,
        priority: numberOf('priority', values.priority),
        timeoutSeconds: numberOf('timeout', values.timeout),
        acknowledgedWarnings: values.acknowledge,
        idempotencyKey: values['idempotency-key'],
        hyperparameters: values.set && settingsOf(values.set, base.hyperparameters),
      }),
    };
    if (!input.datasetKey) throw new Misused('Name the dataset with --dataset.');
    if (!input.modelId) throw new Misused('Name the model with --model.');
    const { createRun } = await ask<{ createRun: Created | Refusal }>(target, CREATE, { input });
    const { run, created } = granted(createRun);
    const isJson = values.json === true;
    const isNew = created ? '' : ' It was there already.';
    if (isJson) terminal.out(jsonLine({ ...(values.follow && { type: 'run' }), ...run, created }));
    else if (values.follow) say(`${describeRun(run)}${isNew}`);
    else terminal.out(`${run.number}\n`);
    for (const { code, message, acknowledged } of run.warnings) {
      if (!isJson && !acknowledged) say(`Warning ${code}: ${message}`);
    }
    if (!values.follow) return EXIT.ok;
    return followRun({
      target,
      terminal,
      say,
      run,
      after: 0,
      isJson,
      hasEvents: true,
      waitSeconds,
    });
  },
});
