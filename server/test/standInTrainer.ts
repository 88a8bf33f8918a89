/**
 * Stands in for `python -m tunix_rt.sft` where a test needs a training that fails, hangs or floods.
 * It is a real process with the same contract: config file in, event file, checkpoints, predictions
 * and exit codes out. What it does is read from `behaviour.json` in the data folder.
 */

import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export type Behaviour = {
  /** Steps to do; each is an event and a checkpoint. */
  steps?: number;
  /** Milliseconds a step takes. */
  stepMs?: number;
  /** Stop by itself at this step, in this way. */
  at?: { step: number; do: 'fail' | 'killSelf' | 'hang' };
  /** What SIGTERM does: save and end with 75, or nothing. */
  onTerm?: 'save' | 'ignore';
  /** Lines to write to stdout at once, at the start. */
  flood?: number;
  /** A file whose bytes go to stdout as they are. */
  bytes?: string;
  /** What bringing a hub model fails with. */
  fetch?: string;
  /** What the process that makes tokens does instead of making them. */
  tokens?: 'fail' | 'hang';
  /** Start a child of its own that outlives it, with this text in its command line. */
  grandchild?: string;
};

const [, , ...args] = process.argv;
if (args.includes('tunix_rt.probe')) {
  const runtime = { python: '3.11.7', tunix: '0.1.7', jax: '0', flax: null, qwix: null };
  const devices = [{ kind: 'cpu', platform: 'cpu', id: 0 }];
  process.stdout.write(
    `${JSON.stringify({ ...runtime, transformers: null, backend: 'cpu', devices })}\n`,
  );
  process.exit(0);
}

if (args.includes('tunix_rt.fetch')) {
  // <cache>/hub/<model>, beside the data folder of the test.
  const file = join(args.at(-1) ?? '', '..', '..', '..', 'behaviour.json');
  const { fetch } = JSON.parse(readFileSync(file, 'utf8')) as Behaviour;
  process.stderr.write(`${fetch}\n`);
  process.exit(1);
}

if (args.includes('tunix_rt.tokens')) {
  // <data>/<folder of the request>/request.json
  const requestFile = args.at(-1) ?? '';
  await makeTokens(requestFile, join(requestFile, '..', '..', 'behaviour.json'));
  process.exit(0);
}

type Section = {
  attempt_dir: string;
  data: { test: string; eval: string };
  max_steps: number;
  checkpoint_predictions: { every_steps: number; items: number; skip_steps: number[] } | null;
};
const file = args.at(-1) ?? '';
const config = JSON.parse(readFileSync(file, 'utf8')) as {
  tunix_rt: Section;
  training_config: { checkpoint_root_directory: string };
};
const { attempt_dir: attemptDir, data, max_steps: maxSteps } = config.tunix_rt;
const onTheWay = config.tunix_rt.checkpoint_predictions;
const checkpoints = config.training_config.checkpoint_root_directory;
const behaviour = JSON.parse(
  readFileSync(join(attemptDir, '..', '..', '..', 'behaviour.json'), 'utf8'),
) as Behaviour;
const total = behaviour.steps ?? maxSteps;

const emit = (event: string, fields: object = {}) =>
  appendFileSync(
    join(attemptDir, 'events.jsonl'),
    `${JSON.stringify({ time: Date.now() / 1000, event, ...fields })}\n`,
  );
const say = (line: string) => new Promise((done) => process.stdout.write(`${line}\n`, done));
const save = (step: number) => {
  const path = join(checkpoints, String(step));
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, '_CHECKPOINT_METADATA'), '{}');
  emit('checkpoint', { step, path });
};
const restored = (): number => {
  try {
    return Math.max(0, ...readdirSync(checkpoints).map(Number));
  } catch {
    return 0;
  }
};
const records = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id: string; answer: string });

// The real one ends with its parent: its stdin breaks.
process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL')).resume();
let stopping = false;
process.on('SIGTERM', () => {
  if (behaviour.onTerm !== 'ignore') stopping = true;
});

emit('started', { versions: { tunix: '0.1.7' }, devices: [], pid: process.pid });
if (behaviour.grandchild) {
  const marker = `setTimeout(() => {}, 60000) // ${behaviour.grandchild}`;
  spawn(process.execPath, ['-e', marker], { stdio: ['ignore', 'inherit', 'inherit'] }).unref();
}
if (behaviour.bytes) {
  const bytes = readFileSync(behaviour.bytes);
  await new Promise((done) => process.stdout.write(bytes, done));
}
for (let line = 1; line <= (behaviour.flood ?? 0); line++) await say(`flood ${line}`);

let step = restored();
emit('restored', { step });
while (step < total && !stopping) {
  await new Promise((done) => setTimeout(done, behaviour.stepMs ?? 1));
  step += 1;
  emit('metric', { name: 'train/loss', step, value: step === 2 ? 'NaN' : 1 / step });
  emit('progress', { step, total });
  save(step);
  predictCheckpoint(step);
  await say(`step ${step}`);
  if (behaviour.at?.step !== step) continue;
  switch (behaviour.at.do) {
    case 'fail':
      process.stderr.write('Traceback (most recent call last):\nValueError: bad luck\n');
      emit('error', { message: 'ValueError: bad luck' });
      process.exit(1);
      break;
    case 'killSelf':
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'hang':
      await new Promise(() => setInterval(() => {}, 1000));
  }
}
if (step < total) {
  emit('stopped', { step });
  process.exit(75);
}
writePredictions('predictions.jsonl', [...answers('eval'), ...answers('test')]);
emit('finished', { step });
process.exit(0);

/** Every other answer is right. */
function answers(split: 'eval' | 'test') {
  return records(data[split]).map(({ id, answer }, index) => ({
    id,
    split,
    expected: answer,
    text: index % 2 === 0 ? `Reasoning:\n1. x\nAnswer: ${answer}` : 'Answer: no idea',
    tokens: 5,
  }));
}

function writePredictions(name: string, lines: object[]) {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(attemptDir, name), text);
}

function predictCheckpoint(step: number) {
  if (!onTheWay || step % onTheWay.every_steps || onTheWay.skip_steps.includes(step)) return;
  const chosen = answers('eval').slice(0, onTheWay.items);
  writePredictions(`predictions-${step}.jsonl`, chosen);
  emit('checkpoint_predictions', { step, items: chosen.length });
}

/** Every word is a token; those of the completion carry loss. */
async function makeTokens(requestFile: string, behaviourFile: string): Promise<void> {
  const told = existsSync(behaviourFile)
    ? (JSON.parse(readFileSync(behaviourFile, 'utf8')) as Behaviour).tokens
    : undefined;
  if (told === 'fail') {
    process.stderr.write('a warning\nValueError: bad luck\n');
    process.exit(1);
  }
  if (told === 'hang') {
    process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL')).resume();
    writeFileSync(join(requestFile, '..', '..', 'hanging'), String(process.pid));
    await new Promise(() => setInterval(() => {}, 1000));
  }
  const request = JSON.parse(readFileSync(requestFile, 'utf8')) as {
    records: string[];
    output: string;
    list_tokens: number;
  };
  const lines = request.records.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(
        (line) =>
          JSON.parse(line) as { id: string; prompt: string; steps: string[]; answer: string },
      ),
  );
  const wordsIn = (text: string) => text.match(/\S+\s*/g) ?? [];
  const answers = lines.map(({ id, prompt, steps, answer }) => {
    const completion = [...steps, answer].join('\n');
    const tokens = [
      ...wordsIn(prompt).map((text, index) => ({ id: index, text, loss: false })),
      ...wordsIn(completion).map((text, index) => ({ id: index, text, loss: true })),
    ];
    const count = tokens.length;
    if (request.list_tokens === 0) return { id, count };
    const loss_count = tokens.filter(({ loss }) => loss).length;
    return { id, count, text: `${prompt}${completion}`, tokens, loss_count };
  });
  writeFileSync(request.output, answers.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
