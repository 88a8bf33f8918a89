import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import type { App } from '../app.ts';
import { LeaseLostError } from '../runs/lease.ts';
import { claimed, shaky, through } from '../test/logRig.ts';
import { collect, storedLog, until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { readAll } from './read.ts';
import type { Disk } from './spool.ts';
import { openLogWriter } from './writer.ts';

let app: App;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
});

const never = new AbortController().signal;

/** The app with a database that can be taken away, and other settings of logs. */
function withOutages(over: Partial<App['config']['logs']> = {}) {
  const { sql, state } = shaky(app);
  const config = { ...app.config, logs: { ...app.config.logs, ...over } };
  return { app: { ...app, sql, config }, state };
}

/** A generator of the same bytes each time. */
const bytesOf = (length: number) =>
  Buffer.from(Array.from({ length }, (_, i) => (i * i * 31 + i * 7) % 256));

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a log writer', () => {
  test('stores ten megabytes of anything as it came', async () => {
    const lease = await claimed(app);
    const bytes = randomBytes(10_000_000);
    const log = openLogWriter(app, lease, never);
    for (let at = 0; at < bytes.length; at += 65_536) {
      await log.write('STDOUT', bytes.subarray(at, at + 65_536));
    }
    await log.close();
    const { stdout } = await storedLog(app, lease.runId);
    expect(sha256(stdout)).toBe(sha256(bytes));
  });

  test('stores broken UTF-8 as it came, wherever the writes are split', async () => {
    const bytes = Buffer.concat([
      Buffer.from('ok\n'),
      Buffer.from([0, 255, 10, 0xc3, 10, 0xf0, 0x9f, 0x98]),
      Buffer.from('€\n\r\n😀'),
    ]);
    const whole = await claimed(app);
    const log = openLogWriter(app, whole, never);
    for (let at = 0; at <= bytes.length; at++) {
      await log.write('STDOUT', bytes.subarray(0, at));
      await log.write('STDOUT', bytes.subarray(at));
      await log.write('STDOUT', Buffer.from('\n'));
    }
    await log.close();
    const { stdout } = await storedLog(app, whole.runId);
    const each = Buffer.concat([bytes, Buffer.from('\n')]);
    expect(stdout.equals(Buffer.concat(Array(bytes.length + 1).fill(each)))).toBe(true);
  });

  test('stores a line of 64 MB in pieces, and holds little of it', async () => {
    const lease = await claimed(app);
    const log = openLogWriter(app, lease, never);
    const part = Buffer.from(randomBytes(49_152).toString('base64'));
    const before = process.memoryUsage().rss;
    let most = 0;
    for (let i = 0; i < 1024; i++) {
      await log.write('STDERR', part);
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    await log.close();
    expect(most).toBeLessThan(250_000_000);
    let lines = 0;
    let size = 0;
    for await (const { data, lastSeq } of readAll(app.sql, lease.runId)) {
      size += data.length;
      lines = lastSeq;
    }
    expect({ lines, size }).toEqual({ lines: 1024, size: 1024 * 65_536 });
  });

  test('compresses what is worth it and leaves the rest', async () => {
    const lease = await claimed(app);
    const log = openLogWriter(app, lease, never);
    await log.write('STDOUT', Buffer.from('the same line\n'.repeat(5_000)));
    await log.write('STDERR', Buffer.from('short\n'));
    await log.close();
    const { rows } = await app.sql.query(
      `SELECT stream, encoding, bytes, octet_length(data) < bytes AS smaller FROM log_chunks
       WHERE run_id = $1 ORDER BY first_seq DESC LIMIT 2`,
      [lease.runId],
    );
    expect(rows).toContainEqual({ stream: 'STDERR', encoding: 'RAW', bytes: 6, smaller: false });
    expect(rows).toContainEqual(expect.objectContaining({ encoding: 'ZSTD', smaller: true }));
    expect((await storedLog(app, lease.runId)).lines).toBe(5_001);
  });

  test('numbers the lines of an attempt behind those of the one before', async () => {
    const lease = await claimed(app);
    const first = openLogWriter(app, lease, never);
    await first.say('one');
    await first.close();
    const second = openLogWriter(app, { ...lease, lastLogSeq: 1 }, never);
    await second.say('two');
    await second.close();
    expect(await storedLog(app, lease.runId)).toMatchObject({ lines: 2 });
  });

  test('stores a batch once although its answer was lost', async () => {
    const { app: unsteady, state } = withOutages();
    const lease = await claimed(app);
    const log = openLogWriter(unsteady, lease, never);
    state.loseAnswer = true;
    await log.say('once');
    await log.close();
    expect(state.appends).toBe(2);
    expect((await storedLog(app, lease.runId)).system.toString()).toBe('once\n');
  });

  test('keeps what is written during an outage, without making its caller wait', async () => {
    const { app: unsteady, state } = withOutages();
    const lease = await claimed(app);
    const log = openLogWriter(unsteady, lease, never);
    state.isAway = true;
    const part = Buffer.from(`${'x'.repeat(999)}\n`.repeat(64));
    await log.say('before');
    for (let i = 0; i < 300; i++) await log.write('STDOUT', part);
    state.isAway = false;
    await log.close();
    const { stdout, lines } = await storedLog(app, lease.runId);
    expect(stdout.length).toBe(300 * part.length);
    expect(lines).toBe(300 * 64 + 1);
  });

  test('makes nobody wait when it was telling an unfinished line as the database went away', async () => {
    const lease = await claimed(app);
    const told = Promise.withResolvers<void>();
    const back = Promise.withResolvers<void>();
    const sql = through(app, async (name, pass) => {
      if (name.includes('open_line = $3')) {
        told.resolve();
        await back.promise;
      }
      return pass();
    });
    const log = openLogWriter({ ...app, sql }, lease, never);
    await log.write('STDOUT', Buffer.from('half a '));
    await told.promise;
    const part = Buffer.from(`${'x'.repeat(999)}\n`.repeat(64));
    for (let i = 0; i < 300; i++) await log.write('STDOUT', part);
    back.resolve();
    await log.close();
    expect((await storedLog(app, lease.runId)).stdout.length).toBe(7 + 300 * part.length);
  });

  test('stores one mark exactly where bytes are missing, and all that comes after', async () => {
    const { app: unsteady, state } = withOutages({ spoolBytes: 1_000_000 });
    const lease = await claimed(app);
    const log = openLogWriter(unsteady, lease, never);
    state.isAway = true;
    const written: string[] = [];
    const write = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const text = `${String(written.length).padEnd(999)}\n`;
        written.push(text);
        await log.write('STDOUT', Buffer.from(text));
      }
    };
    await write(20_000);
    state.isAway = false;
    await until(async () => state.appends > 0);
    await write(100);
    await log.close();
    const parts = await collect(readAll(app.sql, lease.runId));
    const gaps = parts.filter((part) => part.kind === 'gap');
    expect(gaps).toHaveLength(1);
    const [gap] = gaps;
    if (gap?.kind !== 'gap') throw new Error('no gap');
    const text = Buffer.concat(parts.filter((part) => part !== gap).map(({ data }) => data));
    const before = gap.firstSeq - 1;
    const expected = [...written.slice(0, before), ...written.slice(before + gap.lostLines)];
    expect(text.toString()).toBe(expected.join(''));
    expect(gap).toMatchObject({ stream: 'SYSTEM', lastSeq: gap.firstSeq });
    expect(gap.lostBytes).toBe(gap.lostLines * 1000);
    await storedLog(app, lease.runId);
  });

  test('goes on when the disk of the spool is full', async () => {
    const { app: unsteady, state } = withOutages();
    const disk: Disk = {
      ...fs,
      writeSync: () => {
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      },
    };
    const lease = await claimed(app);
    const log = openLogWriter(unsteady, lease, never, disk);
    state.isAway = true;
    const part = Buffer.from(`${'x'.repeat(999)}\n`.repeat(64));
    for (let i = 0; i < 200; i++) await log.write('STDOUT', part);
    state.isAway = false;
    await log.close();
    const parts = await collect(readAll(app.sql, lease.runId));
    const lost = parts.reduce((sum, each) => sum + (each.kind === 'gap' ? each.lostBytes : 0), 0);
    const kept = parts.reduce((sum, each) => sum + (each.kind === 'gap' ? 0 : each.data.length), 0);
    expect(lost).toBeGreaterThan(0);
    expect(lost + kept).toBe(200 * part.length);
  });

  test('writes no more once the lease is lost, and says so to who writes', async () => {
    const lost = new AbortController();
    const { app: unsteady, state } = withOutages();
    const lease = await claimed(app);
    const log = openLogWriter(unsteady, lease, lost.signal);
    state.isAway = true;
    await log.say('too late');
    lost.abort();
    state.isAway = false;
    await expect(log.say('later')).rejects.toThrow(LeaseLostError);
    await expect(log.close()).rejects.toThrow(LeaseLostError);
    expect((await storedLog(app, lease.runId)).lines).toBe(0);
  });

  test('stores no secret, also across writes, and leaves everything else', async () => {
    const { app: secretive } = withOutages({ redact: ['open sesame 42'] });
    const lease = await claimed(app);
    const log = openLogWriter(secretive, lease, never);
    await log.write('STDOUT', Buffer.from('the word is open ses'));
    await log.write('STDOUT', Buffer.from('ame 42!\nopen ses'));
    await log.write('STDERR', Buffer.from(`${Buffer.from('open sesame 42').toString('hex')}\n`));
    await log.write('STDOUT', Buffer.from('ason\n'));
    await log.close();
    const { stdout, stderr } = await storedLog(app, lease.runId);
    expect(stdout.toString()).toBe('the word is [redacted]!\nopen sesason\n');
    expect(stderr.toString()).toBe('[redacted]\n');
    expect(log.redact('is it open sesame 42?')).toBe('is it [redacted]?');
  });

  test('gives the last lines as a terminal shows them', async () => {
    const lease = await claimed(app);
    const log = openLogWriter(app, lease, never);
    await log.write('STDERR', bytesOf(10_000));
    await log.write('STDERR', Buffer.from('\n 10%\r100%\nthe end\n'));
    await log.close();
    expect(log.tail()).toMatch(/\n100%\nthe end$/);
    expect(log.tail().split('\n').length).toBeLessThanOrEqual(21);
  });
});
