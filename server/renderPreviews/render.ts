import { renderResponse } from '../datasets/render.ts';
import type { TracePayload } from '../traces/model.ts';

/** What Tunix takes out of every turn before it renders it, so that a prompt cannot forge one. */
const CONTROL_TOKENS =
  /<start_of_turn>|<end_of_turn>|<bos>|<eos>|<\|begin_of_text\|>|<\|end_of_text\|>|<\|start_header_id\|>|<\|end_header_id\|>|<\|eot_id\|>|<\|im_start\|>|<\|im_end\|>/g;

/** Until nothing is left: taking one out can make another. */
function withoutControlTokens(text: string): string {
  const shorter = text.replace(CONTROL_TOKENS, '');
  return shorter === text ? text : withoutControlTokens(shorter);
}

/**
 * The text a trace becomes in ChatML, the template of the built-in model and of Qwen3: the user turn,
 * the completion and the end of turn. `tunix_rt/tokens.py` renders the same text; the tests of both
 * hold `rendered.json`.
 */
export function renderChatMl(payload: TracePayload): string {
  const response = renderResponse(
    payload.steps.map((step) => step.content),
    payload.final_answer,
  );
  const prompt = withoutControlTokens(payload.prompt);
  return `<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n` + `${response}<|im_end|>`;
}
