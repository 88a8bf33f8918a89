/** The event file of an attempt: what `tunix_rt/events.py` writes, checked line by line. */
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';

const step = z.int().min(0);

/** NaN and infinities come as text, because JSON has no numbers for them. */
const number = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((text) => Number(text)),
]);

const time = z.number();

const counts = z.record(z.string(), z.int());

export const TunixEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('started'),
    time,
    versions: z.record(z.string(), z.string().nullable()),
    devices: z.array(z.object({ kind: z.string(), platform: z.string(), id: z.int() })),
    pid: z.int(),
  }),
  z.object({
    event: z.literal('data'),
    time,
    train: z.int(),
    eval: z.int(),
    test: z.int(),
    dropped: counts,
    steps_per_epoch: z.int(),
    total_steps: z.int(),
  }),
  z.object({
    event: z.literal('model'),
    time,
    parameters: z.int(),
    trainable_parameters: z.int(),
    lora: z.boolean(),
  }),
  z.object({ event: z.literal('restored'), time, step }),
  z.object({ event: z.literal('metric'), time, name: z.string().max(64), step, value: number }),
  z.object({ event: z.literal('progress'), time, step, total: z.int().min(1) }),
  z.object({ event: z.literal('checkpoint'), time, step, path: z.string() }),
  z.object({
    event: z.literal('predictions'),
    time,
    split: z.string(),
    done: z.int(),
    total: z.int(),
  }),
  z.object({ event: z.literal('checkpoint_predictions'), time, step, items: z.int() }),
  z.object({ event: z.literal('exported'), time, path: z.string() }),
  z.object({ event: z.literal('stopped'), time, step }),
  z.object({ event: z.literal('finished'), time, step }),
  z.object({ event: z.literal('error'), time, message: z.string() }),
]);

export type TunixEvent = z.output<typeof TunixEvent>;

export type EventFile = {
  /** The events written since the last call; `[]` when there are none, or no file yet. */
  read(): Promise<TunixEvent[]>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Follows an event file from its start. A line that is no known event is an error, not skipped. */
export function openEventFile(path: string): EventFile {
  let file: FileHandle | undefined;
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  const buffer = Buffer.alloc(256 * 1024);
  return {
    async read() {
      try {
        file ??= await open(path, 'r');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
      const events: TunixEvent[] = [];
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
        if (bytesRead === 0) return events;
        offset += bytesRead;
        const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf(10) + 1;
        for (const line of bytes.subarray(0, end).toString('utf8').split('\n')) {
          if (line) events.push(TunixEvent.parse(JSON.parse(line)));
        }
        rest = Buffer.from(bytes.subarray(end));
      }
    },
    async [Symbol.asyncDispose]() {
      await file?.close();
    },
  };
}
