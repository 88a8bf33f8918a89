import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { displayable, preview } from '../../../lib/text.ts';
import { Unjudged, type Usage } from '../judge.ts';
import type { JudgeEndpoint } from './endpoint.ts';

/** An answer is a few hundred tokens; what is longer is no answer. */
const MAX_BYTES = 1024 * 1024;
const LONGEST_PAUSE_MS = 30_000;

type Answer = { text: string; promptTokens: number; completionTokens: number };

/** Why a model did not answer. `again` says whether the same question may be asked once more. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
  readonly again: boolean;
  /** How long the server asks to wait, in ms. */
  readonly waitMs: number | undefined;

  constructor(message: string, again: boolean, waitMs?: number) {
    super(message);
    this.again = again;
    this.waitMs = waitMs;
  }
}

const count = z.int().min(0).catch(0);
const Redi = z.object({ text: z.string() });
const OpenAi = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z
    .object({ prompt_tokens: count, completion_tokens: count })
    .catch({ prompt_tokens: 0, completion_tokens: 0 }),
});

/** The request of each protocol, and its answer. */
const protocols = {
  REDI: {
    path: '/generate',
    body: (endpoint: JudgeEndpoint, prompt: string) => ({
      model: endpoint.model,
      prompt,
      temperature: 0,
      max_tokens: endpoint.maxTokens,
    }),
    read: (value: unknown): Answer => ({
      text: Redi.parse(value).text,
      promptTokens: 0,
      completionTokens: 0,
    }),
  },
  OPENAI: {
    path: '/chat/completions',
    body: (endpoint: JudgeEndpoint, prompt: string) => ({
      model: endpoint.model,
      messages: [{ role: 'user', content: prompt }],
      temperature: 0,
      seed: 0,
      max_tokens: endpoint.maxTokens,
    }),
    read: (value: unknown): Answer => {
      const { choices, usage } = OpenAi.parse(value);
      return {
        text: choices[0]?.message.content ?? '',
        promptTokens: usage.prompt_tokens,
        completionTokens: usage.completion_tokens,
      };
    },
  },
};

/**
 * Asks a model once. The connection follows no redirect, reads at most 1 MB and takes at most the
 * endpoint's time, the body included.
 * @throws NoAnswer with the reason; what the server sent stays out of it but for its status.
 */
async function askOnce(
  endpoint: JudgeEndpoint,
  prompt: string,
  signal: AbortSignal,
): Promise<Answer> {
  const { path, body, read } = protocols[endpoint.kind];
  const deadline = AbortSignal.timeout(endpoint.timeoutSeconds * 1000);
  try {
    const response = await fetch(endpoint.url.replace(/\/+$/, '') + path, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        ...(endpoint.apiKey && { authorization: `Bearer ${endpoint.apiKey}` }),
      },
      body: JSON.stringify(body(endpoint, prompt)),
      signal: AbortSignal.any([signal, deadline]),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw refusal(response);
    }
    return read(JSON.parse(await readCapped(response)));
  } catch (error) {
    if (signal.aborted || error instanceof NoAnswer) throw error;
    if (deadline.aborted) {
      throw new NoAnswer(`Timeout after ${endpoint.timeoutSeconds} s.`, true);
    }
    if (error instanceof SyntaxError) throw new NoAnswer('The reply is no JSON.', true);
    if (error instanceof z.ZodError) throw new NoAnswer('The reply has another shape.', true);
    throw new NoAnswer(`Not reachable: ${causeOf(error)}.`, true);
  }
}

function refusal({ status, headers }: Response): NoAnswer {
  if (status >= 300 && status < 400) {
    return new NoAnswer(`HTTP ${status}: redirects are not followed.`, false);
  }
  const seconds = Number(headers.get('retry-after'));
  const again = status === 408 || status === 429 || status >= 500;
  return new NoAnswer(`HTTP ${status}.`, again, seconds > 0 ? seconds * 1000 : undefined);
}

async function readCapped(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    // Leaving the loop cancels the body, so that nothing more is sent.
    if (size > MAX_BYTES) throw new NoAnswer(`The reply is longer than ${MAX_BYTES} bytes.`, false);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return preview(displayable(String(code ?? message ?? cause)), 120);
}

/**
 * Asks until there is an answer that `read` accepts, at most as often as the endpoint allows, with
 * pauses that double.
 * @param read turns the text into a judgement, or throws NoAnswer.
 * @returns what it made of the last answer, that answer, and what all tries used together.
 * @throws Unjudged with the reason of the last try; whatever the signal was aborted with.
 */
export async function ask<T>(
  endpoint: JudgeEndpoint,
  prompt: string,
  read: (text: string) => T,
  signal: AbortSignal,
): Promise<{ result: T; text: string; usage: Usage }> {
  const usage: Usage = { requests: 0, promptTokens: 0, completionTokens: 0 };
  for (;;) {
    try {
      usage.requests += 1;
      const { text, promptTokens, completionTokens } = await askOnce(endpoint, prompt, signal);
      usage.promptTokens += promptTokens;
      usage.completionTokens += completionTokens;
      return { result: read(text), text, usage };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (!error.again || usage.requests >= endpoint.attempts) {
        throw new Unjudged(error.message, usage);
      }
      const wait = Math.min(error.waitMs ?? 250 * 2 ** (usage.requests - 1), LONGEST_PAUSE_MS);
      await pause(wait, undefined, { signal });
    }
  }
}
