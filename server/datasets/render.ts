import type { TracePayload } from '../traces/model.ts';

/**
 * The completion a model learns, in the template of the predecessor's exports: a heading, numbered
 * steps, the answer line. `tunix_rt/data.py` renders the same text; the tests of both hold the same example.
 */
export function renderResponse(steps: readonly string[], answer: string): string {
  const reasoning = steps.map((step, index) => `${index + 1}. ${step}\n`).join('');
  return `${steps.length > 0 ? `Reasoning:\n${reasoning}` : ''}Answer: ${answer}`;
}

/** One line of a training data file. */
export const trainingRecord = (id: string, payload: TracePayload) => ({
  id,
  prompt: payload.prompt,
  steps: payload.steps.map((step) => step.content),
  answer: payload.final_answer,
});

export type ExportFormat = 'trace' | 'tunix_sft' | 'training_example';

type Row = { id: string; createdAt: Date; payload: TracePayload };

/**
 * One line of an export. User meta stands first, so that it cannot overwrite what the system says.
 * Shapes: `trace`, `tunix_sft` (Gemma turns) and `training_example` of the predecessor.
 */
export function exportRecord(format: ExportFormat, { id, createdAt, payload }: Row) {
  const steps = payload.steps.map((step) => step.content);
  const system = { created_at: createdAt.toISOString(), trace_version: payload.trace_version };
  const response = renderResponse(steps, payload.final_answer);
  switch (format) {
    case 'trace':
      return {
        id,
        prompts: payload.prompt,
        trace_steps: steps,
        final_answer: payload.final_answer,
        metadata: { ...payload.meta, ...system },
      };
    case 'tunix_sft':
      return {
        id,
        prompts:
          `<start_of_turn>user\n${payload.prompt}<end_of_turn>\n` +
          `<start_of_turn>model\n${response}<end_of_turn>`,
        final_answer: payload.final_answer,
        metadata: { ...payload.meta, ...system, format },
      };
    case 'training_example':
      return {
        id,
        prompt: `${payload.prompt}\n\nShow your reasoning step by step, then give the answer.`,
        response,
        metadata: { ...payload.meta, ...system, source_trace_id: id },
      };
    default:
      return format satisfies never;
  }
}

/**
 * A record as one line. All but printable ASCII is escaped, as the predecessor did, so that no
 * reader takes a character inside a text (U+2028, U+0085) for the end of a line.
 */
export const exportLine = (format: ExportFormat, row: Row): string =>
  `${JSON.stringify(exportRecord(format, row)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
