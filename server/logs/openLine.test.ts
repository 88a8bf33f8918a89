import type { App } from '../app.ts';
import { claimed, through } from '../test/logRig.ts';
import { storedLog, until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { openLogWriter } from './writer.ts';

let app: App;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
});

const never = new AbortController().signal;

describe('an unfinished line', () => {
  const openLineOf = async (runId: string) => {
    const attempt = await app.db.runAttempt.findFirstOrThrow({ where: { runId } });
    return attempt.openLine === null ? null : [attempt.openStream, attempt.openLine];
  };

  test('is told while it stands, and no more when it has ended', async () => {
    const logs = { ...app.config.logs, redact: ['open sesame 42'] };
    const secretive = { ...app, config: { ...app.config, logs } };
    const lease = await claimed(app);
    const log = openLogWriter(secretive, lease, never);
    await log.write('STDERR', Buffer.from(' 10%\r 50% open sesame 42'));
    await until(async () => (await openLineOf(lease.runId))?.[1] === ' 50% [redacted]');
    await log.write('STDERR', Buffer.from(`\r${'x'.repeat(600)}`));
    await until(async () => (await openLineOf(lease.runId))?.[1] === 'x'.repeat(500));
    expect(await openLineOf(lease.runId)).toEqual(['STDERR', 'x'.repeat(500)]);
    await log.write('STDERR', Buffer.from('\n'));
    await until(async () => (await storedLog(app, lease.runId)).lines === 1);
    expect(await openLineOf(lease.runId)).toBeNull();
    await log.close();
  });

  test('is told at most four times a second, however often it changes', async () => {
    const lease = await claimed(app);
    let told = 0;
    const sql = through(app, (name, pass) => {
      if (name.includes('SET open_line = $3')) told += 1;
      return pass();
    });
    const log = openLogWriter({ ...app, sql }, lease, never);
    const startedAt = performance.now();
    for (let percent = 0; told < 4; percent++) {
      await log.write('STDERR', Buffer.from(`\r${percent}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(performance.now() - startedAt).toBeGreaterThan(990);
    await log.close();
  });
});
