import { z } from 'zod';
import type { App } from '../../app.ts';
import { parse } from '../../lib/parse.ts';
import { text } from '../../lib/text.ts';
import { Labels, queueKey } from '../labels.ts';

const Pause = z.strictObject({ labels: Labels, reason: text(1, 500).nullish() });
const Resume = z.strictObject({ labels: Labels });

type Needs = Pick<App, 'db' | 'bell'>;

/**
 * Lets the runs that require exactly these labels wait; those that run go on. Again, it changes the
 * reason. Returns the key of the queue.
 * @throws ValidationError
 */
export async function pauseQueue(app: Needs, input: z.input<typeof Pause>): Promise<string> {
  const { labels, reason = null } = parse(Pause, input);
  const key = queueKey(labels);
  await app.db.$executeRaw`
    INSERT INTO run_queues (key, paused_at, reason) VALUES (${key}, clock_timestamp(), ${reason})
    ON CONFLICT (key) DO UPDATE
    SET paused_at = coalesce(run_queues.paused_at, excluded.paused_at), reason = excluded.reason`;
  app.bell.ring('runs');
  return key;
}

/**
 * Lets runners take from the queue again; no error when it was not paused. Returns its key.
 * @throws ValidationError
 */
export async function resumeQueue(app: Needs, input: z.input<typeof Resume>): Promise<string> {
  const key = queueKey(parse(Resume, input).labels);
  await app.db.$executeRaw`
    UPDATE run_queues SET paused_at = NULL, reason = NULL WHERE key = ${key}`;
  app.bell.ring('queue');
  app.bell.ring('runs');
  return key;
}
