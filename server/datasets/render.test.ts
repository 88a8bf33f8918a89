import { describe, expect, test } from 'vitest';
import { exportLine, exportRecord, renderResponse, trainingRecord } from './render.ts';

const payload = {
  trace_version: '1.0',
  prompt: 'What is 2 + 3?',
  steps: [
    { i: 5, type: 'add', content: '2 + 3 = 5' },
    { i: 2, type: 'say', content: 'It is\n5.' },
  ],
  final_answer: '5',
  meta: { source: 'gsm8k', number: 1 },
};
const row = { id: 'an-id', createdAt: new Date('2026-11-20T21:19:28.668Z'), payload };
const system = { created_at: '2026-11-20T21:19:28.668Z', trace_version: '1.0' };

describe('renderResponse', () => {
  test('numbers the steps under a heading and ends with the answer', () => {
    expect(renderResponse(['a', 'b'], '3')).toBe('Reasoning:\n1. a\n2. b\nAnswer: 3');
  });

  test('is the answer alone without steps', () => {
    expect(renderResponse([], '5')).toBe('Answer: 5');
  });
});

describe('an export', () => {
  test('as trace has the prompt and the steps as they were recorded', () => {
    expect(exportRecord('trace', row)).toEqual({
      id: 'an-id',
      prompts: 'What is 2 + 3?',
      trace_steps: ['2 + 3 = 5', 'It is\n5.'],
      final_answer: '5',
      metadata: { ...system, source: 'gsm8k', number: 1 },
    });
  });

  test('as tunix_sft has one user and one model turn', () => {
    expect(exportRecord('tunix_sft', row)).toEqual({
      id: 'an-id',
      prompts:
        '<start_of_turn>user\nWhat is 2 + 3?<end_of_turn>\n' +
        '<start_of_turn>model\nReasoning:\n1. 2 + 3 = 5\n2. It is\n5.\nAnswer: 5<end_of_turn>',
      final_answer: '5',
      metadata: { ...system, format: 'tunix_sft', source: 'gsm8k', number: 1 },
    });
  });

  test('as training_example asks for the reasoning and names its trace', () => {
    expect(exportRecord('training_example', row)).toEqual({
      id: 'an-id',
      prompt: 'What is 2 + 3?\n\nShow your reasoning step by step, then give the answer.',
      response: 'Reasoning:\n1. 2 + 3 = 5\n2. It is\n5.\nAnswer: 5',
      metadata: { ...system, source_trace_id: 'an-id', source: 'gsm8k', number: 1 },
    });
  });

  test.for([
    ['trace', {}],
    ['tunix_sft', { format: 'tunix_sft' }],
    ['training_example', { source_trace_id: 'an-id' }],
  ] as const)('as %s says of itself what is true, whatever meta says', ([format, own]) => {
    const meta = { created_at: '1970', trace_version: '9', format: 'x', source_trace_id: 'x' };
    const record = exportRecord(format, { ...row, payload: { ...payload, meta } });
    expect(record.metadata).toMatchObject({ ...system, ...own });
  });

  test.for([null, undefined])('has the metadata of the system alone when meta is %s', (meta) => {
    const record = exportRecord('trace', { ...row, payload: { ...payload, meta } });
    expect(record.metadata).toEqual(system);
  });
});

describe('exportLine', () => {
  test('is one line of printable ASCII that means the record', () => {
    const odd = { ...payload, prompt: 'é\u2028\u0085\u007f\n"\\ 😀' };
    const line = exportLine('trace', { ...row, payload: odd });
    expect(line).toMatch(/^[ -~]+\n$/);
    expect(line).toContain('\\u00e9\\u2028\\u0085\\u007f\\n\\"\\\\ \\ud83d\\ude00');
    expect(JSON.parse(line)).toEqual(exportRecord('trace', { ...row, payload: odd }));
  });
});

describe('trainingRecord', () => {
  test('is what the trainer reads', () => {
    expect(trainingRecord('an-id', payload)).toEqual({
      id: 'an-id',
      prompt: 'What is 2 + 3?',
      steps: ['2 + 3 = 5', 'It is\n5.'],
      answer: '5',
    });
  });
});
