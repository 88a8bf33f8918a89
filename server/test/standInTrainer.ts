/**
 * Stands in for `python -m tunix_rt.sft` where a test needs a training that fails, hangs or floods.
 * It is a real process with the same contract: config file in, event file, checkpoints, predictions
 * and exit codes out. What it does is read from `behaviour.json` in the data folder.
 */

import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export type Behaviour = {
  /** Steps to do; each is an event and a checkpoint. */
  steps?: number;
  /** Milliseconds a step takes. */
  stepMs?: number;
  /** Stop by itself at this step, in this way. */
  at?: { step: number; do: 'fail' | 'killSelf' | 'hang'; message?: string };
  /** From this step on the loss is NaN, which ends it after three; else only that of step 2 is. */
  nanFrom?: number;
  /** What SIGTERM does: save and end with 75, or nothing. */
  onTerm?: 'save' | 'ignore';
  /** Lines to write to stdout at once, at the start. */
  flood?: number;
  /** A file whose bytes go to stdout as they are. */
  bytes?: string;
  /** Write what goes to stdout and stderr to files in this folder too: `<run>-attempt-<n>.stdout`. */
  record?: string;
  /** Close stdout after this step and live on. */
  closeStdoutAt?: number;
  /** What bringing a hub model fails with. */
  fetch?: string;
  /** What the process that makes tokens does instead of making them. */
  tokens?: 'fail' | 'hang';
  /** Start a child of its own that outlives it, with this text in its command line. */
  grandchild?: string;
  /** Whether that child leaves the group of processes and holds no pipe, as a daemon does. */
  daemon?: boolean;
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
  training_config: {
    checkpoint_root_directory: string;
    checkpointing_options: { max_to_keep: number };
  };
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
const recordOf = (stream: 'stdout' | 'stderr') =>
  join(behaviour.record ?? '', `${attemptDir.split('/').slice(-2).join('-')}.${stream}`);
/** Resolves when the bytes are with the system: what is recorded has been written. */
const put = async (stream: 'stdout' | 'stderr', bytes: string | Buffer) => {
  await new Promise((done) => process[stream].write(bytes, done));
  if (behaviour.record) appendFileSync(recordOf(stream), bytes);
};
const say = (line: string) => put('stdout', `${line}\n`);
/** As Orbax does it: complete under another name, then the number; old ones go afterwards. */
const save = (step: number) => {
  const path = join(checkpoints, String(step));
  const draft = `${path}.orbax-checkpoint-tmp`;
  mkdirSync(join(draft, 'model_params', 'd'), { recursive: true });
  writeFileSync(join(draft, '_CHECKPOINT_METADATA'), '{}');
  writeFileSync(join(draft, 'model_params', 'd', 'weights'), `weights of step ${step}`);
  renameSync(draft, path);
  const { max_to_keep: kept } = config.training_config.checkpointing_options;
  for (const old of saved().slice(0, -kept)) {
    rmSync(join(checkpoints, String(old)), { recursive: true });
  }
  emit('checkpoint', { step, path });
};
/** Steps with a complete checkpoint, ascending. */
const saved = (): number[] => {
  const names = existsSync(checkpoints) ? readdirSync(checkpoints) : [];
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
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
  const pipe = behaviour.daemon ? 'ignore' : 'inherit';
  const { daemon: detached } = behaviour;
  spawn(process.execPath, ['-e', marker], { stdio: ['ignore', pipe, pipe], detached }).unref();
}
if (behaviour.bytes) {
  for await (const part of createReadStream(behaviour.bytes)) await put('stdout', part as Buffer);
}
for (let line = 1; line <= (behaviour.flood ?? 0); line++) await say(`flood ${line}`);

const message = behaviour.at?.message ?? 'ValueError: bad luck';
const fail = async (said: string) => {
  await put('stderr', `Traceback (most recent call last):\n${said}\n`);
  emit('error', { message: said });
  process.exit(1);
};
let step = saved().at(-1) ?? 0;
let nans = 0;
emit('restored', { step });
while (step < total && !stopping) {
  await new Promise((done) => setTimeout(done, behaviour.stepMs ?? 1));
  step += 1;
  const isNan = step === 2 || step >= (behaviour.nanFrom ?? Infinity);
  emit('metric', { name: 'train/loss', step, value: isNan ? 'NaN' : 1 / step });
  emit('progress', { step, total });
  save(step);
  predictCheckpoint(step);
  if (step <= (behaviour.closeStdoutAt ?? step)) await say(`step ${step}`);
  if (step === behaviour.closeStdoutAt) closeSync(1);
  nans = isNan ? nans + 1 : 0;
  if (nans === 3) {
    const where = `train/loss is nan at step ${step}, and was no number for 3 steps`;
    await fail(`FloatingPointError: ${where}: the training has diverged`);
  }
  if (behaviour.at?.step !== step) continue;
  switch (behaviour.at.do) {
    case 'fail':
      await fail(message);
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
