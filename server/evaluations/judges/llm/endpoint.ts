import { z } from 'zod';

/**
 * A language model that judges, as the administrator configured it. People name it; nobody gives a
 * URL through the API.
 */
export const JudgeEndpoint = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'use 1–32 lower-case letters, digits, _ or -'),
    /** REDI posts to `/generate`, OPENAI to `/chat/completions`, both below `url`. */
    kind: z.enum(['REDI', 'OPENAI']),
    url: z.url({ protocol: /^https?$/ }),
    model: z.string().min(1).max(256),
    apiKey: z.string().min(1).optional(),
    /** Seconds until one answer must be complete. */
    timeoutSeconds: z.number().min(0.1).max(600).default(30),
    /** Answers asked for side by side. */
    concurrency: z.int().min(1).max(64).default(4),
    /** Tries of one item, the first included. */
    attempts: z.int().min(1).max(10).default(3),
    maxTokens: z.int().min(16).max(8192).default(512),
  })
  .readonly();

export type JudgeEndpoint = z.output<typeof JudgeEndpoint>;

/** A JSON array of endpoints. What is wrong is said without what stands there: it may hold keys. */
export const JudgeEndpoints = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('is no JSON. Give an array: [{"name": …, "kind": …, "url": …, "model": …}]');
      return z.NEVER;
    }
  })
  .pipe(
    z
      .array(JudgeEndpoint)
      .max(32)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
        message: 'has two endpoints of one name',
      }),
  );
