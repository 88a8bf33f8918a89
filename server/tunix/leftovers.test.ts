import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { childEnvironment } from './command.ts';
import { findMarked, killLeftover, markedFor } from './leftovers.ts';

const attempt = { runId: crypto.randomUUID(), epoch: 3 };

test('every process of an attempt carries its marker, and no other', () => {
  const config = readConfig({});
  expect(childEnvironment(markedFor(config, attempt))).toMatchObject({
    TUNIX_RT_ATTEMPT: `${attempt.runId}/3`,
    PYTHONUNBUFFERED: '1',
  });
  expect(childEnvironment(config)).not.toHaveProperty('TUNIX_RT_ATTEMPT');
});

describe.runIf(process.platform === 'linux')('a process with a marker', () => {
  const start = async () => {
    const env = { TUNIX_RT_ATTEMPT: `${attempt.runId}/${attempt.epoch}` };
    const child = spawn(process.execPath, ['-e', 'console.log(1); setTimeout(() => {}, 60000)'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  };

  test('is found and killed', async () => {
    const child = await start();
    const found = (await findMarked()).find(({ pid }) => pid === child.pid);
    expect(found).toMatchObject(attempt);
    const ended = once(child, 'exit');
    expect(found && (await killLeftover(found))).toBe(true);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(found && (await killLeftover(found))).toBe(false);
  });

  test('is spared when its number was that of another process before', async () => {
    const child = await start();
    const found = (await findMarked()).find(({ pid }) => pid === child.pid);
    if (!found) throw new Error('not found');
    expect(await killLeftover({ ...found, startedAt: '1' })).toBe(false);
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});
