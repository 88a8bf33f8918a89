import { sha256 } from '../../lib/canonical.ts';
import { displayable, head } from '../../lib/text.ts';
import { extractAnswer } from './extract.ts';
import { type Judge, Unjudged } from './judge.ts';
import { ask } from './llm/ask.ts';
import { PROMPT_HASH, renderPrompt } from './llm/prompt.ts';
import { readReply } from './llm/reply.ts';

/** Characters of a reply that are kept: at most 4 kB, whatever they are. */
const RAW_CHARS = 1_000;

/**
 * Asks a language model for a verdict on each text. `correct` is the verdict `pass`; the score is
 * the model's own. The model is told to follow nothing that it grades (`llm/prompt.ts`), but it is a
 * model: its word is an opinion.
 */
export const gemma: Judge = {
  name: 'gemma',
  version: 1,
  description:
    'Asks a language model, named by its endpoint, whether the final answer agrees with the ' +
    'expected one and the reasoning holds. Right is what it passes; its score of 0–100 counts as it ' +
    'is. What the model does not answer in the agreed form is an error of that item.',
  inputs: ['prompt', 'expected', 'alternatives', 'text'],
  cost: 'PAID',
  isMock: false,
  ranks: true,
  needsEndpoint: true,
  settings: ({ name, model }) => ({ endpoint: name, model, promptHash: PROMPT_HASH }),
  async judge(item, { endpoint, signal }) {
    if (!endpoint) throw new Unjudged('No endpoint was named.');
    const prompt = renderPrompt(item);
    const promptHash = sha256(prompt);
    const { result, text, usage } = await ask(endpoint, prompt, readReply, signal).catch(
      (error) => {
        if (!(error instanceof Unjudged)) throw error;
        const { requests } = error.usage ?? {};
        throw new Unjudged(error.message, error.usage, { promptHash, requests });
      },
    );
    const { verdict, score, reasoning, metrics } = result;
    return {
      correct: verdict === 'pass',
      score: score / 100,
      extracted: extractAnswer(item.text)?.answer ?? null,
      rule: `VERDICT:${verdict.toUpperCase()}`,
      details: {
        verdict,
        reasoning,
        metrics,
        promptHash,
        raw: head(displayable(text), RAW_CHARS),
        requests: usage.requests,
      },
      usage,
    };
  },
};
