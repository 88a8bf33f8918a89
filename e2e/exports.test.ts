import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { buildDataset, importSamples } from './loop.ts';
import { type Python, pythonWith } from './python.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let client: Client;
let python: Python;

beforeAll(async () => {
  [system, python] = await Promise.all([
    startSystem(),
    pythonWith('e2e/python/requirements-exports.txt'),
  ]);
  client = openClient(system.url);
});

afterAll(async () => {
  await client?.close();
  await system?.[Symbol.asyncDispose]();
});

type Loaded = {
  columns: string[];
  rows: Record<'train' | 'eval' | 'test', number>;
  ids: string[];
  first: Record<string, unknown>;
};

type Found = Record<'trace' | 'tunix_sft' | 'training_example', Loaded> & {
  manifest: {
    content_hash: string;
    trace_ids: string[];
    split_counts: Loaded['rows'];
    items: { trace_id: string; split: string }[];
  };
};

/** Runs the Python program and gives what it printed. */
async function load(key: string): Promise<Found> {
  const program = python.start(['e2e/python/load_exports.py', system.url, key], '.');
  const ended = once(program, 'exit');
  const { stdout, stderr } = program;
  if (!stdout || !stderr) throw new Error('it has no pipes');
  const [printed, said] = await Promise.all([text(stdout), text(stderr)]);
  expect(await ended, said).toEqual([0, null]);
  return JSON.parse(printed);
}

test('every export loads with the public datasets package, and its manifest agrees', async () => {
  await importSamples(client, 60, 3);
  const found = await load(await buildDataset(client, 'exports', 60));

  const { manifest } = found;
  expect(manifest.content_hash).toMatch(/^[0-9a-f]{64}$/);
  expect(manifest.trace_ids.length).toBe(60);
  const bySide = ['train', 'eval', 'test'].flatMap((side) =>
    manifest.items.filter(({ split }) => split === side).map(({ trace_id }) => trace_id),
  );
  for (const format of ['trace', 'tunix_sft', 'training_example'] as const) {
    expect(found[format].rows).toEqual(manifest.split_counts);
    expect(found[format].ids).toEqual(bySide);
  }
  expect(found.trace.columns).toEqual(['final_answer', 'id', 'metadata', 'prompts', 'trace_steps']);
  expect(found.tunix_sft.columns).toEqual(['final_answer', 'id', 'metadata', 'prompts']);
  expect(found.training_example.columns).toEqual(['id', 'metadata', 'prompt', 'response']);

  const { prompts, trace_steps: steps, final_answer: answer } = found.trace.first;
  const said = (steps as string[]).map((step, index) => `${index + 1}. ${step}\n`).join('');
  expect(found.tunix_sft.first.prompts).toBe(
    `<start_of_turn>user\n${prompts}<end_of_turn>\n` +
      `<start_of_turn>model\nReasoning:\n${said}Answer: ${answer}<end_of_turn>`,
  );
  expect(found.training_example.first.response).toBe(`Reasoning:\n${said}Answer: ${answer}`);
});
