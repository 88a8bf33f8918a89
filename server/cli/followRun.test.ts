import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openProxy } from '../../e2e/proxy.ts';
import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makeDataset } from '../test/make.ts';
import { behave, storedLog, until, withStandIn } from '../test/rig.ts';
import type { Behaviour } from '../test/standInTrainer.ts';
import { runIn } from '../test/terminal.ts';
import { describe, expect, test } from '../test/test.ts';
import { startWork } from '../work.ts';
import { cancelCommand } from './cancel.ts';
import { EXIT } from './define.ts';
import { logsCommand } from './logs.ts';
import { runCommand } from './run.ts';

/** A server with a runner whose trainings behave so, and the options of a run there. */
async function openRig(app: App, behaviour: Behaviour) {
  const rig = await withStandIn(app);
  await behave(rig, behaviour);
  const dataset = await makeDataset(rig, { train: 4, eval: 2, test: 4 });
  const server = await openServer(rig);
  const work = await startWork(rig);
  const options = ['--dataset', dataset.key, '--model', 'qwen3-tiny'];
  return {
    rig,
    server,
    args: [...options, '--set', 'batchSize=2', '--set', 'numEpochs=3'],
    async [Symbol.asyncDispose]() {
      await work.stop();
      await server[Symbol.asyncDispose]();
    },
  };
}

const newest = (app: App) => app.db.run.findFirstOrThrow({ orderBy: { number: 'desc' } });

const documents = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('tunix-rt run --follow', () => {
  test('prints the log and the score, and ends with 0 for a run that completed', async ({
    app,
  }) => {
    await using system = await openRig(app, { steps: 3, flood: 5 });
    const { server, args, rig } = system;
    const { code, out, error } = await runIn(
      { url: server.url, isInteractive: true },
      runCommand,
      ...[...args, '--name', 'first', '--follow'],
    );
    expect(code).toBe(EXIT.ok);
    const { id, number } = await newest(rig);
    const stored = await storedLog(rig, id);
    expect(out.split('\n').length - 1).toBe(stored.lines);
    expect(out).toContain('flood 1\nflood 2\nflood 3\nflood 4\nflood 5\n');
    expect(error).toMatch(new RegExp(`Run ${number} \\(first\\) COMPLETED after \\d+ s\\.`));
    expect(error).toMatch(/answer_correctness@\d+: score \d+\.\d\d/);
    expect(error).toMatch(/\[#*\.*\] \d+ % of 3 steps/);
    const late = await runIn({ url: server.url }, cancelCommand, String(number));
    expect(late.code).toBe(EXIT.refused);
    expect(late.error).toContain('is completed already');
  });

  test('holds every line once after a connection that was cut five times', async ({ app }) => {
    await using system = await openRig(app, { steps: 60, stepMs: 25, flood: 200 });
    const { server, args, rig } = system;
    await using proxy = await openProxy(server.url);
    const following = runIn({ url: proxy.url }, runCommand, ...args, '--follow', '--json');
    for (let cuts = 0, seen = 0; cuts < 5; cuts++) {
      await until(async () => proxy.sent > seen + 500);
      seen = proxy.sent;
      expect(proxy.cut()).toBeGreaterThan(0);
    }
    const { code, out, error } = await following;
    expect(code).toBe(EXIT.ok);
    expect(error).toContain('trying again');
    const all = documents(out);
    const { id } = await newest(rig);
    const stored = await storedLog(rig, id);
    const lines = all.filter(({ type }) => type === 'log');
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    const textOf = (stream: string) =>
      lines.filter((line) => line.stream === stream).map(({ text }) => `${text}\n`);
    expect(textOf('STDOUT').join('')).toBe(stored.stdout.toString());
    expect(lines).toHaveLength(stored.lines);
    const points = all
      .filter(({ type }) => type === 'metrics')
      .flatMap(({ series }) => series)
      .flatMap(({ name, points }) => points.map(({ step }: { step: number }) => `${name} ${step}`));
    const rows = await rig.db.metricPoint.findMany({
      where: { runId: id },
      orderBy: { seq: 'asc' },
    });
    expect(points.toSorted()).toEqual(rows.map(({ name, step }) => `${name} ${step}`).toSorted());
    expect(all[0]).toMatchObject({ type: 'run', created: true });
    expect(all.at(-1)).toMatchObject({ type: 'end', run: { status: 'COMPLETED' } });
  });

  test('ends with 1 for a run that failed, and says why', async ({ app }) => {
    await using system = await openRig(app, { at: { step: 1, do: 'fail' } });
    const { server, args } = system;
    const { code, error } = await runIn({ url: server.url }, runCommand, ...args, '--follow');
    expect(code).toBe(EXIT.failed);
    expect(error).toMatch(/Run \d+ FAILED after \d+ s: .*ValueError: bad luck/);
  });

  test('ends with 6 for a run that was cancelled', async ({ app }) => {
    await using system = await openRig(app, { steps: 1000, stepMs: 20 });
    const { server, args, rig } = system;
    const following = runIn({ url: server.url }, runCommand, ...args, '--follow');
    const run = await until(() => rig.db.run.findFirst({ where: { status: 'RUNNING' } }));
    const { number } = run;
    const asked = await runIn({ url: server.url }, cancelCommand, String(number), '--now');
    expect(asked).toMatchObject({ code: EXIT.ok, error: `Run ${number} is stopping.\n` });
    expect(await following).toMatchObject({ code: EXIT.cancelled });
  });

  test('ends with 130 at Ctrl-C, leaves the run alone and says how to go on and to stop it', async ({
    app,
  }) => {
    await using system = await openRig(app, { steps: 1000, stepMs: 20, flood: 3 });
    const { server, args, rig } = system;
    const interruption = new AbortController();
    const onOut = (text: string) => {
      if (text.includes('flood 3')) interruption.abort();
    };
    const { code, error } = await runIn(
      { url: server.url, interruption: interruption.signal, onOut },
      runCommand,
      ...[...args, '--follow'],
    );
    expect(code).toBe(EXIT.interrupted);
    const { number, status } = await newest(rig);
    expect(status).toBe('RUNNING');
    expect(error).toMatch(new RegExp(`Go on: npx tunix-rt logs ${number} --follow --after \\d+\n`));
    expect(error).toContain(`Stop it: npx tunix-rt cancel ${number}\n`);
    await runIn({ url: server.url }, cancelCommand, String(number), '--now');
    await until(() => rig.db.run.findFirst({ where: { number, status: 'CANCELLED' } }));
  });

  test('ends with 3 when the server stays away, and says how to go on', async ({ app }) => {
    await using system = await openRig(app, { steps: 1000, stepMs: 20, flood: 3 });
    const { server, args, rig } = system;
    await using proxy = await openProxy(server.url);
    const onOut = () => {
      proxy.retarget('http://127.0.0.1:9');
      proxy.cut();
    };
    const { code, error } = await runIn(
      { url: proxy.url, onOut },
      runCommand,
      ...[...args, '--follow', '--wait', '0.2'],
    );
    expect(code).toBe(EXIT.unreachable);
    const { number } = await newest(rig);
    expect(error).toContain(`Go on: npx tunix-rt logs ${number} --follow --after`);
    expect(error).toContain('cannot be reached');
    await runIn({ url: server.url }, cancelCommand, String(number), '--now');
    await until(() => rig.db.run.findFirst({ where: { number, status: 'CANCELLED' } }));
  });
});

describe('tunix-rt logs', () => {
  test('prints what is stored, from after a line on, and nothing that steers a terminal', async ({
    app,
  }) => {
    const bytes = join(app.config.dataDir, 'bytes');
    await writeFile(bytes, 'a\tb\u001b[2J\u202e\n10 %\r20 %\n');
    await using system = await openRig(app, { steps: 1, bytes });
    const { server, args, rig } = system;
    await runIn({ url: server.url }, runCommand, ...args, '--follow');
    const { number, id } = await newest(rig);
    const logs = (...more: string[]) => runIn({ url: server.url }, logsCommand, ...more);
    const { code, out } = await logs(String(number));
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('a\tb\uFFFD[2J\uFFFD\n20 %\n');
    expect(out.split('\n').length - 1).toBe((await storedLog(rig, id)).lines);
    const rest = await logs(String(number), '--after', '2', '--json');
    expect(documents(rest.out)[0]).toMatchObject({ type: 'log', seq: 3, attempt: 1 });
    expect(await logs(String(number), '--follow')).toMatchObject({ code: EXIT.ok, out });
    expect(await logs('999999')).toMatchObject({
      code: EXIT.usage,
      error: 'tunix-rt logs: There is no run 999999.\n',
    });
    expect(await logs('nonsense')).toMatchObject({ code: EXIT.usage });
  });
});
