import { describe, expect, it } from 'vitest';
import { deviceText, heartbeatWords, memoryUse, queueName, runnerCommand } from './runnerWords.ts';

it('counts equal devices, with the memory of their own', () => {
  const gpu = { kind: 'NVIDIA H200', platform: 'gpu', memoryBytes: String(104.5 * 2 ** 30) };
  expect(deviceText([gpu, gpu, { kind: 'cpu', platform: 'cpu', memoryBytes: null }])).toBe(
    '2 × NVIDIA H200 (gpu, 104.5 GiB), cpu (cpu)',
  );
  expect(deviceText([])).toBe('');
});

it.each([
  [
    String(16 * 2 ** 30),
    String(4 * 2 ** 30),
    { percent: 75, words: '12.0 GiB of 16.0 GiB in use' },
  ],
  [String(2 ** 30), String(2 ** 31), { percent: 0, words: '0 B of 1.0 GiB in use' }],
  [null, '5', undefined],
  ['100', null, undefined],
])('says how full a memory of %s with %s free is', (memoryBytes, memoryFreeBytes, use) => {
  expect(memoryUse({ memoryBytes, memoryFreeBytes })).toEqual(use);
});

it('names the queue of runs that need nothing', () => {
  expect(queueName([])).toBe('Any runner');
  expect(queueName(['gpu', 'h200'])).toBe('gpu, h200');
});

it('lets the age of a lost runner go on, by the clock of the server', () => {
  expect(heartbeatWords({ online: true, heartbeatAgeSeconds: 4 }, 600)).toMatch(/alive/);
  expect(heartbeatWords({ online: false, heartbeatAgeSeconds: 50 }, 30)).toBe(
    'lost, last heard of 1 m 20 s ago',
  );
});

describe('runnerCommand', () => {
  const beside = { name: '', labels: '', slots: '1', place: 'HERE' } as const;

  it('finds the database of the system it stands beside, as the role of a runner', () => {
    expect(runnerCommand(beside)).toMatch(
      /^DATABASE_URL="postgresql:\/\/tunix_rt_runner:\$\(cat .*password\.runner\)@.*\/tunix_rt" npm run runner$/,
    );
  });

  it('passes on name, labels and slots, quoted for the shell', () => {
    const elsewhere = {
      name: "bob's box",
      labels: 'gpu, h200',
      slots: '4',
      place: 'ELSEWHERE',
    } as const;
    expect(runnerCommand(elsewhere)).toBe(
      "DATABASE_URL='postgresql://tunix_rt_runner:PASSWORD@HOST/DATABASE' DATA_DIR=/shared/data " +
        "RUNNER_NAME='bob'\\''s box' RUNNER_LABELS=gpu,h200 RUNNER_SLOTS=4 npm run runner",
    );
  });

  it('has a place for a key where people sign in', () => {
    expect(runnerCommand({ ...beside, needsKey: true })).toContain(' RUNNER_TOKEN=trt_r_… npm');
    expect(runnerCommand(beside)).not.toContain('RUNNER_TOKEN');
  });

  it('leaves out what is no number of slots', () => {
    expect(runnerCommand({ ...beside, slots: 'many' })).not.toContain('SLOTS');
  });
});
