import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makeDataset } from '../test/make.ts';
import { runIn } from '../test/terminal.ts';
import { describe, expect, test } from '../test/test.ts';
import { cancelCommand } from './cancel.ts';
import { EXIT } from './define.ts';
import { logsCommand } from './logs.ts';
import { runCommand } from './run.ts';

const newest = (app: App) => app.db.run.findFirstOrThrow({ orderBy: { number: 'desc' } });

describe('tunix-rt run', () => {
  test('prints the number of a run that waits, and takes the rest from a file', async ({ app }) => {
    await using server = await openServer(app);
    const { key } = await makeDataset(app, { train: 4, eval: 2, test: 4 });
    const file = join(app.config.dataDir, 'input.json');
    const hyperparameters = { batchSize: 2, lora: { rank: 4, alpha: 8 } };
    await writeFile(file, JSON.stringify({ modelId: 'qwen3-tiny', hyperparameters }));
    const { code, out, error } = await runIn(
      { url: server.url },
      runCommand,
      ...[
        '--dataset',
        key,
        '--input',
        file,
        '--set',
        'lora.rank=8',
        '--priority=-5',
        '--acknowledge',
        'LORA_ON_RANDOM_MODEL',
      ],
    );
    expect({ code, error }).toEqual({ code: EXIT.ok, error: '' });
    const run = await newest(app);
    expect(out).toBe(`${run.number}\n`);
    expect(run).toMatchObject({ mode: 'LOCAL', priority: -5, status: 'PENDING' });
    expect(run.config).toMatchObject({
      hyperparameters: { batchSize: 2, lora: { rank: 8, alpha: 8 } },
    });
    const input = JSON.stringify({ datasetKey: key, modelId: 'qwen3-tiny' }, null, '\t');
    const dry = await runIn(
      { url: server.url, input },
      runCommand,
      ...['--input', '-', '--dry-run', '--json', '--set', 'batchSize=2'],
    );
    expect(JSON.parse(dry.out)).toMatchObject({ mode: 'DRY_RUN', created: true });
  });

  test('takes YAML, as the page of a new run writes it', async ({ app }) => {
    await using server = await openServer(app);
    const { key } = await makeDataset(app, { train: 4, eval: 2, test: 4 });
    const input = [
      `datasetKey: ${key} # the small one`,
      'modelId: qwen3-tiny',
      'mode: DRY_RUN',
      'hyperparameters:',
      '  batchSize: 2',
      '  learningRate: 0.00002',
      '',
    ].join('\n');
    const options = ['--input', '-', '--set', 'seed=3'];
    const { code, error } = await runIn({ url: server.url, input }, runCommand, ...options);
    expect({ code, error }).toEqual({ code: EXIT.ok, error: '' });
    const { mode, config } = await newest(app);
    expect(mode).toBe('DRY_RUN');
    expect(config).toMatchObject({
      hyperparameters: { batchSize: 2, learningRate: 0.00002, seed: 3 },
    });
  });

  test.for([
    [
      'a: b: c',
      'takes an object as JSON or YAML: Nested mappings are not allowed in compact mappings at line 1, column 4.\n',
    ],
    ['a: *nobody', 'takes an object as JSON or YAML: Unresolved alias'],
    ['- a', 'takes an object as JSON or YAML.'],
    ['', 'takes an object as JSON or YAML.'],
  ] as const)('refuses an input such as %j', async ([input, said]) => {
    const target = { url: 'http://127.0.0.1:9', input };
    const { code, error } = await runIn(target, runCommand, '--input', '-');
    expect(code).toBe(EXIT.usage);
    expect(error).toContain(`--input ${said}`);
  });

  test('names the field that is wrong', async ({ app }) => {
    await using server = await openServer(app);
    const { key } = await makeDataset(app);
    const options = ['--dataset', key, '--model', 'qwen3-tiny', '--set', 'batchSize=0'];
    const { code, error } = await runIn({ url: server.url }, runCommand, ...options);
    expect(code).toBe(EXIT.usage);
    expect(error).toMatch(/^tunix-rt run: hyperparameters\.batchSize: is 0, at least 1/);
  });

  test.for([
    [[], '--dataset'],
    [['--dataset', 'x'], '--model'],
    [['--dataset', 'x', '--model', 'y', '--set', 'batchSize'], '--set'],
    [['--dataset', 'x', '--model', 'y', '--priority', 'high'], '--priority'],
    [['--input', '/no/such/file'], 'cannot be read'],
    [['stray', '--dataset', 'x', '--model', 'y'], 'options only'],
  ] as const)('exits with 2 for %j', async ([args, said]) => {
    const { code, error } = await runIn({ url: 'http://127.0.0.1:9' }, runCommand, ...args);
    expect(code).toBe(EXIT.usage);
    expect(error).toContain(said);
  });

  test.for([runCommand, logsCommand, cancelCommand])('explains itself', async (command) => {
    const { code, out } = await runIn({ url: 'http://127.0.0.1:9' }, command, '--help');
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('Exit codes: 0');
  });
});
