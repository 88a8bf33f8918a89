import type { Scope } from '../access/scopes.ts';
import type { App } from '../app.ts';
import { makeKey, makeUser, withAccess } from '../test/access.ts';
import { openServer } from '../test/http.ts';
import { openLoggedRun } from '../test/logRig.ts';
import { runIn } from '../test/terminal.ts';
import { describe, expect, test } from '../test/test.ts';
import type { Command } from './command.ts';
import { EXIT } from './define.ts';
import { GATE_EXIT, gateCommand } from './gate.ts';
import { EXIT as IMPORT_EXIT, importCommand } from './import.ts';
import { keysCommand } from './keys.ts';
import { logsCommand } from './logs.ts';
import { statusCommand } from './status.ts';

/** A server that asks who comes, and how to run a command there with a key of its own. */
async function openRig(
  app: App,
  scopes: readonly Scope[] | null = ['READ', 'RUNS_WRITE', 'ADMIN'],
) {
  const asking = withAccess(app);
  const owner = await makeUser(asking, 'ADMIN');
  const key = scopes && (await makeKey(asking, scopes, owner.id)).secret;
  const server = await openServer(asking);
  return {
    asking,
    server,
    key,
    run: (command: Command, ...args: string[]) =>
      runIn({ url: server.url, key, input: '{}' }, command, ...args),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('tunix-rt keys', () => {
  test('makes a key that works until it is revoked, and prints its secret once, alone', async ({
    app,
  }) => {
    await using rig = await openRig(app);
    const { code, out, error } = await rig.run(
      keysCommand,
      ...['create', 'nightly', '--scope', 'read', '--scope', 'RUNS_WRITE', '--expires', '30'],
    );
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^trt_k_\w+\n$/);
    const secret = out.trim();
    expect(error).toContain('TUNIX_RT_KEY');
    expect(error).not.toContain(secret);
    const prefix = secret.slice(0, 14);
    const stored = await app.db.apiKey.findFirstOrThrow({ where: { prefix } });
    expect(stored.scopes.toSorted()).toEqual(['READ', 'RUNS_WRITE']);
    expect(stored.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    const mine = { url: rig.server.url, key: secret };
    expect(await runIn(mine, statusCommand)).toMatchObject({ code: EXIT.ok });

    const listed = await rig.run(keysCommand, 'list');
    expect(listed.out).toMatch(
      new RegExp(`^${prefix} +nightly +READ,RUNS_WRITE +\\S+@\\S+ +expires`, 'm'),
    );
    expect(listed.out).not.toContain(secret);

    expect(await rig.run(keysCommand, 'revoke', prefix)).toMatchObject({ code: EXIT.ok });
    const late = await runIn(mine, statusCommand);
    expect(late.code).toBe(EXIT.refused);
    expect(late.error).toContain('TUNIX_RT_KEY is wrong, expired or revoked');
    expect(late.error).not.toContain(secret);
    const revoked = await rig.run(keysCommand, 'list', '--json');
    expect(JSON.parse(revoked.out)).toContainEqual(
      expect.objectContaining({ prefix, name: 'nightly', revokedAt: expect.any(String) }),
    );
  });

  test('makes a key for a runner, and says where it goes', async ({ app }) => {
    await using rig = await openRig(app);
    const { out, error } = await rig.run(keysCommand, 'create', 'gpu', '--runner');
    expect(out).toMatch(/^trt_r_\w+\n$/);
    expect(error).toContain('RUNNER_TOKEN');
    const json = await rig.run(keysCommand, 'create', 'json', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      secret: expect.stringMatching(/^trt_k_/),
      apiKey: { name: 'json', scopes: ['READ'] },
    });
  });

  test('exits with 2 for a key that there is not and for scopes that are none', async ({ app }) => {
    await using rig = await openRig(app);
    const unknown = await rig.run(keysCommand, 'revoke', 'trt_k_nobody00');
    expect(unknown.code).toBe(EXIT.usage);
    expect(unknown.error).toContain(
      'There is no key trt_k_nobody00. `npx tunix-rt keys list` lists them.',
    );
    await rig.run(keysCommand, 'create', 'one');
    await rig.run(keysCommand, 'create', 'two');
    const many = await rig.run(keysCommand, 'revoke', 'trt_k_');
    expect(many.code).toBe(EXIT.usage);
    expect(many.error).toMatch(/\d+ keys begin with trt_k_/);
    expect(await rig.run(keysCommand, 'create', 'x', '--scope', 'ALL')).toMatchObject({
      code: EXIT.usage,
    });
  });

  test.for([
    [[], 'list, create NAME or revoke KEY'],
    [['create'], 'list, create NAME or revoke KEY'],
    [['list', 'all'], 'list, create NAME or revoke KEY'],
    [['forge', 'x'], 'list, create NAME or revoke KEY'],
    [['create', 'x', '--runner', '--scope', 'READ'], '--runner'],
    [['create', 'x', '--expires', 'soon'], '--expires'],
    [['create', 'x', '--key', 'trt_k_'], '--key'],
  ] as const)('exits with 2 for %j', async ([args, said]) => {
    const { code, error } = await runIn({ url: 'http://127.0.0.1:9' }, keysCommand, ...args);
    expect(code).toBe(EXIT.usage);
    expect(error).toContain(said);
  });
});

describe('a server that asks who comes', () => {
  test('refuses every command without a key, with the remedy and at once', async ({ app }) => {
    await using rig = await openRig(app, null);
    for (const [command, exit, ...args] of [
      [statusCommand, EXIT.refused],
      [logsCommand, EXIT.refused, '1', '--follow'],
      [gateCommand, GATE_EXIT.usage, '--run', '1', '--baseline', 'x'],
      [importCommand, IMPORT_EXIT.failed, '-'],
      [importCommand, IMPORT_EXIT.failed, 'package.json'],
    ] as const) {
      const { code, error } = await rig.run(command, ...args);
      expect(code, error).toBe(exit);
      expect(error).toContain('put it into TUNIX_RT_KEY');
    }
  });

  test('names the scope that a key lacks, and how to get it', async ({ app }) => {
    await using rig = await openRig(app, ['READ']);
    for (const [command, exit, ...args] of [
      [importCommand, IMPORT_EXIT.failed, '-'],
      [importCommand, IMPORT_EXIT.failed, 'package.json'],
    ] as const) {
      const { code, error } = await rig.run(command, ...args);
      expect(code, error).toBe(exit);
      expect(error).toContain('TRACES_WRITE');
      expect(error).toContain('Put a key with that scope into TUNIX_RT_KEY');
    }
  });

  test('ends what follows with a key that is revoked, and does not try again', async ({ app }) => {
    await using rig = await openRig(app, ['READ']);
    const { id, log } = await openLoggedRun(app);
    await log.write('STDOUT', Buffer.from('first\n'));
    const printed = Promise.withResolvers<void>();
    const { number } = await app.db.run.findUniqueOrThrow({ where: { id } });
    const following = runIn(
      { url: rig.server.url, key: rig.key, onOut: () => printed.resolve() },
      logsCommand,
      ...[String(number), '--follow'],
    );
    await printed.promise;
    await app.db.apiKey.updateMany({ data: { revokedAt: new Date() } });
    const { code, out, error } = await following;
    expect({ code, out }).toEqual({ code: EXIT.refused, out: 'first\n' });
    expect(error).toContain('The key in TUNIX_RT_KEY is wrong, expired or revoked');
    expect(error).not.toContain('trying again');
    await log.close();
  });
});
