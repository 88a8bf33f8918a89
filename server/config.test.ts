import { describe, expect, test } from 'vitest';
import { childSettings, readConfig } from './config.ts';

const ENDPOINT = {
  name: 'judge',
  kind: 'OPENAI',
  url: 'https://judge.example.org/v1',
  model: 'gemma-3-27b',
  apiKey: 'sk-very-secret',
};

const read = (value: unknown) =>
  readConfig({ JUDGE_ENDPOINTS: typeof value === 'string' ? value : JSON.stringify(value) });

describe('JUDGE_ENDPOINTS', () => {
  test('is empty unless set', () => {
    expect(readConfig({}).judgeEndpoints).toEqual([]);
    expect(read('').judgeEndpoints).toEqual([]);
  });

  test('is a JSON array, with defaults for what is left out', () => {
    expect(read([ENDPOINT]).judgeEndpoints).toEqual([
      { ...ENDPOINT, timeoutSeconds: 30, concurrency: 4, attempts: 3, maxTokens: 512 },
    ]);
  });

  test.for([
    ['sk-very-secret', 'is no JSON'],
    [`[{"apiKey": "sk-very-secret"`, 'is no JSON'],
    [ENDPOINT, 'expected array'],
    [[{ ...ENDPOINT, url: 'file:///sk-very-secret' }], 'Invalid URL'],
    [[{ ...ENDPOINT, kind: 'sk-very-secret' }], 'Invalid option'],
    [[{ ...ENDPOINT, name: 'sk-very-secret!' }], 'lower-case letters'],
    [[{ ...ENDPOINT, attempts: 0 }], 'attempts'],
    [[{ ...ENDPOINT, retries: 1 }], 'retries'],
    [[ENDPOINT, ENDPOINT], 'has two endpoints of one name'],
  ] as const)('%j is refused without being repeated', ([value, why]) => {
    expect(() => read(value)).toThrow(why);
    expect(() => read(value)).toThrow('JUDGE_ENDPOINTS');
    expect(() => read(value)).not.toThrow('secret');
  });
});

describe('childSettings', () => {
  test('adds the database and what makes a process quick and small', () => {
    expect(childSettings('postgresql://here', '/cache', { PORT: '1' })).toEqual({
      PORT: '1',
      DATABASE_URL: 'postgresql://here',
      NODE_COMPILE_CACHE: '/cache/node',
      NODE_ENV: 'production',
      MALLOC_ARENA_MAX: '2',
    });
  });

  test('leaves alone what is set', () => {
    const set = { NODE_ENV: 'test', NODE_COMPILE_CACHE: '/other', MALLOC_ARENA_MAX: '8' };
    expect(childSettings('postgresql://here', '/cache', set)).toMatchObject(set);
  });
});

describe('the settings of a runner', () => {
  test('are one slot and the label cpu unless set', () => {
    expect(readConfig({}).runner).toMatchObject({ labels: ['cpu'], slots: 1 });
  });

  test('are labels, sorted and each once, and slots', () => {
    const { runner } = readConfig({ RUNNER_LABELS: 'gpu, a100-80gb,gpu', RUNNER_SLOTS: '4' });
    expect(runner).toMatchObject({ labels: ['a100-80gb', 'gpu'], slots: 4 });
  });

  test.for([
    [{ RUNNER_LABELS: 'GPU' }, 'lower-case letters'],
    [{ RUNNER_LABELS: 'a b' }, 'lower-case letters'],
    [{ RUNNER_SLOTS: '0' }, 'RUNNER_SLOTS'],
    [{ RUNNER_SLOTS: '65' }, 'RUNNER_SLOTS'],
    [{ RUNNER_SLOTS: '1.5' }, 'RUNNER_SLOTS'],
  ] as const)('%j are refused', ([settings, why]) => {
    expect(() => readConfig(settings)).toThrow(why);
  });
});

describe('access', () => {
  test('is off unless set, and people stay signed in for two weeks', () => {
    const { access, publicUrl, runner } = readConfig({});
    expect(access).toEqual({ required: false, sessionDays: 14 });
    expect([publicUrl, runner.token]).toEqual([null, null]);
  });

  test('is on, with a public address whose name is served', () => {
    const { access, http, publicUrl } = readConfig({
      AUTH: 'on',
      SESSION_DAYS: '1',
      PUBLIC_URL: 'https://rt.example.org/',
      ALLOWED_HOSTS: 'lab.example',
    });
    expect(access).toEqual({ required: true, sessionDays: 1 });
    expect(publicUrl).toBe('https://rt.example.org');
    expect(http.allowedHosts).toEqual(['lab.example', 'rt.example.org']);
  });

  test.for(['0.0.0.0', '::', '192.168.0.10', 'lab.example'])(
    'must be on where others reach %s',
    (HOST) => {
      expect(() => readConfig({ HOST })).toThrow(/nobody is asked who they are\. Set AUTH=on/);
      expect(readConfig({ HOST, AUTH: 'on' }).http.host).toBe(HOST);
    },
  );

  test.for([
    [{ AUTH: 'yes' }, 'AUTH'],
    [{ PUBLIC_URL: 'ftp://lab.example' }, 'PUBLIC_URL'],
    [{ SESSION_DAYS: '0' }, 'SESSION_DAYS'],
  ] as const)('%j is refused', ([settings, why]) => {
    expect(() => readConfig(settings)).toThrow(why);
  });
});
