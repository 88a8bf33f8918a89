import { randomUUIDv7 } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { setBaseline } from '../baselines/set.ts';
import { openServer } from '../test/http.ts';
import { makeRun } from '../test/make.ts';
import { makeAnyRun, makeJudged, makeSetOf, rightThenWrong } from '../test/makeJudged.ts';
import { runIn } from '../test/terminal.ts';
import { describe, expect, test } from '../test/test.ts';
import { GATE_EXIT, gateCommand } from './gate.ts';

const gate = (url: string, ...args: string[]) => runIn({ url }, gateCommand, ...args);

type Policy = Partial<Parameters<typeof setBaseline>[1]>;

/** A baseline of 20 right answers, and the number of a run with as many right as given. */
async function makeGate(app: App, right: number, policy: Policy = {}) {
  const set = await makeSetOf(app, 20, () => ({ section: 'core' }));
  const pinned = await makeJudged(app, set, rightThenWrong(20, 0));
  const name = `gate ${pinned.id}`;
  await setBaseline(app, { name, evaluationId: pinned.id, ...policy });
  const candidate = await makeJudged(app, set, rightThenWrong(right, 20 - right));
  const { number } = await app.db.run.findUniqueOrThrow({ where: { id: candidate.run.id } });
  const args = ['--run', String(number), '--baseline', name];
  return { set, name, candidate, number: String(number), args };
}

describe('tunix-rt gate ends with', () => {
  test.for([
    [20, {}, 'pass', /^PASS\n/],
    [10, {}, 'regressed', /^REGRESSED\n/],
    [17, { onInconclusive: 'FAIL' }, 'inconclusive', /^INCONCLUSIVE, which the policy stops\n/],
    [17, { onInconclusive: 'WARN' }, 'pass', /^INCONCLUSIVE: WARNING, let through/],
    [17, { onInconclusive: 'PASS' }, 'pass', /^INCONCLUSIVE, let through by the policy\n/],
  ] as const)('%i of 20 right and %j: %s', async ([right, policy, exit, said], { app }) => {
    await using server = await openServer(app);
    const { args } = await makeGate(app, right, policy);
    const { code, out, error } = await gate(server.url, ...args);
    expect(code).toBe(GATE_EXIT[exit]);
    expect(out).toMatch(said);
    expect(error).toBe(out.includes('WARNING') ? `tunix-rt gate: ${out.split('\n')[0]}.\n` : '');
  });

  test('3 when it cannot be compared', async ({ app }) => {
    await using server = await openServer(app);
    const { name, set } = await makeGate(app, 20);
    const { id } = await makeJudged(app, set, [true], { judge: 'gemma' });
    const { code, out } = await gate(server.url, '--evaluation', id, '--baseline', name);
    expect(code).toBe(GATE_EXIT.notComparable);
    expect(out).toContain('judged by answer_correctness@1, the candidate by gemma@1');
  });

  test('4 for what does not exist', async ({ app }) => {
    await using server = await openServer(app);
    const { name, number, candidate } = await makeGate(app, 20);
    const unknown = async (...args: string[]) => {
      const { code, error } = await gate(server.url, ...args);
      expect(code).toBe(GATE_EXIT.usage);
      return error;
    };
    expect(await unknown('--run', number, '--baseline', 'nobody')).toContain('named "nobody"');
    expect(await unknown('--run', '999999', '--baseline', name)).toContain('no run 999999');
    expect(await unknown('--run', 'x', '--baseline', name)).toContain('no run x');
    const id = randomUUIDv7();
    expect(await unknown('--evaluation', id, '--baseline', name)).toContain(`no evaluation ${id}`);
    const other = await makeRun(app, candidate.datasetId ?? '');
    expect(
      await unknown('--run', other.id, '--evaluation', candidate.id, '--baseline', name),
    ).toContain(`is of run ${number}, not of run ${other.number}`);
  });

  test.for([
    [[], '--baseline'],
    [['--baseline', 'x'], '--run'],
    [['--run', '1', '--baseline', 'x', '--wait', 'long'], '--wait'],
    [['--run', '1', '--baseline', 'x', '--url', 'ftp://x'], '--url'],
    [['--run', '1', '--baseline', 'x', '--json', '--markdown', '-'], '--markdown'],
    [['--run', '1', '--baseline', 'x', '--nonsense'], 'nonsense'],
    [['stray', '--run', '1', '--baseline', 'x'], 'stray'],
  ] as const)('4 for %j', async ([args, said]) => {
    const { code, error } = await gate('http://127.0.0.1:9', ...args);
    expect(code).toBe(GATE_EXIT.usage);
    expect(error).toContain(said);
  });

  test('5 when nobody answers, somebody else does, or nothing was evaluated', async ({ app }) => {
    const nobody = await gate('http://127.0.0.1:9', '--run', '1', '--baseline', 'x');
    expect(nobody).toMatchObject({ code: GATE_EXIT.failed });
    expect(nobody.error).toContain('cannot be reached');
    await using server = await openServer(app);
    const { name } = await makeGate(app, 20);
    const run = await makeAnyRun(app);
    const args = ['--run', String(run.number), '--baseline', name];
    const { code, error } = await gate(server.url, ...args);
    expect(code).toBe(GATE_EXIT.failed);
    expect(error).toContain('has no completed evaluation');
  });

  test('5 when a report cannot be written', async ({ app }) => {
    await using server = await openServer(app);
    const { args } = await makeGate(app, 20);
    const { code, error } = await gate(server.url, ...args, '--junit', '/no/such/folder/x.xml');
    expect(code).toBe(GATE_EXIT.failed);
    expect(error).toContain('ENOENT');
  });
});

describe('tunix-rt gate --wait', () => {
  test('waits until the run is evaluated', async ({ app }) => {
    await using server = await openServer(app);
    const { set, name } = await makeGate(app, 20);
    const run = await makeAnyRun(app);
    const running = { run, status: 'RUNNING' as const };
    const evaluation = await makeJudged(app, set, rightThenWrong(20, 0), running);
    const args = ['--run', run.id, '--baseline', name, '--wait', '20'];
    const waiting = gate(server.url, ...args);
    await app.db.evaluation.update({
      where: { id: evaluation.id },
      data: {
        status: 'COMPLETED',
        score: 100,
        itemCount: 20,
        correctCount: 20,
        metrics: { score: 100 },
        finishedAt: new Date(),
      },
    });
    expect(await waiting).toMatchObject({ code: GATE_EXIT.pass });
  });

  test('gives up in time, and does not wait for a run that failed', async ({ app }) => {
    await using server = await openServer(app);
    const { name, candidate } = await makeGate(app, 20);
    const waiting = async (status: 'RUNNING' | 'FAILED', seconds: string) => {
      const run = await makeRun(app, candidate.datasetId ?? '', { status });
      const { code, error } = await gate(
        server.url,
        ...['--run', run.id, '--baseline', name, '--wait', seconds],
      );
      expect(code).toBe(GATE_EXIT.failed);
      return error;
    };
    expect(await waiting('RUNNING', '0.1')).toContain('no finished evaluation after 0.1 seconds');
    expect(await waiting('FAILED', '600')).toContain('has no completed evaluation');
  });
});

describe('tunix-rt gate prints and writes', () => {
  test('the stored check as JSON', async ({ app }) => {
    await using server = await openServer(app);
    const { args } = await makeGate(app, 10);
    const { out } = await gate(server.url, ...args, '--json');
    const printed = JSON.parse(out);
    const stored = await app.db.check.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(printed).toMatchObject({
      verdict: stored.verdict,
      outcome: stored.outcome,
      reasons: stored.reasons,
      pValue: stored.pValue,
      delta: -50,
      interval: { low: stored.intervalLow, high: stored.intervalHigh },
      policy: stored.policy,
      seed: 0,
    });
    const query =
      '{ node(id: "ID") { ... on Check { verdict reasons slices { value adjustedP } } } }';
    const answer = await server.ask(query.replace('ID', printed.id));
    expect(answer.data).toMatchObject({
      node: {
        verdict: printed.verdict,
        reasons: printed.reasons,
        slices: [{ value: 'core', adjustedP: printed.slices[0].adjustedP }],
      },
    });
  });

  test('a JUnit report and Markdown beside the text', async ({ app }) => {
    await using server = await openServer(app);
    const { args } = await makeGate(app, 10);
    const [junit, markdown] = ['gate.xml', 'gate.md'].map((file) => join(app.config.dataDir, file));
    const files = ['--junit', junit ?? '', '--markdown', markdown ?? ''];
    const { code, out } = await gate(server.url, ...args, ...files);
    expect(code).toBe(GATE_EXIT.regressed);
    expect(out).toMatch(/^REGRESSED\n/);
    const xml = await readFile(junit ?? '', 'utf8');
    expect(xml).toContain('<testsuites name="tunix-rt gate" tests="2" failures="1" errors="0"');
    expect(await readFile(markdown ?? '', 'utf8')).toMatch(/^### REGRESSED\n/);
  });

  test('Markdown alone for the summary of a job', async ({ app }) => {
    await using server = await openServer(app);
    const { args } = await makeGate(app, 20);
    const { out } = await gate(server.url, ...args, '--markdown', '-');
    expect(out).toMatch(/^### PASS\n/);
    expect(out).toContain('| Paired items | 20 |');
  });

  test('its options and exit codes when asked', async () => {
    const { code, out } = await gate('http://127.0.0.1:9', '--help');
    expect(code).toBe(GATE_EXIT.pass);
    expect(out).toContain('Exit codes: 0 passed');
  });
});
