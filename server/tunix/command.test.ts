import { describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import {
  childEnvironment,
  fetchCommand,
  networkEnvironment,
  tokensCommand,
  trainCommand,
} from './command.ts';

const config = readConfig({
  PATH: '/usr/bin',
  HOME: '/home/someone',
  DATABASE_URL: 'postgresql://user:secret@db/tunix',
  HF_TOKEN: 'hf_secret',
  RUNNER_TOKEN: 'trt_r_secret',
  T_BATCH_SIZE: '32',
  AWS_SECRET_ACCESS_KEY: 'secret',
  CUDA_VISIBLE_DEVICES: '1',
  PIP_INDEX_URL: 'https://user:secret@index.test/simple',
});

describe('childEnvironment', () => {
  test('has what a training needs and no secret of ours', () => {
    const environment = childEnvironment(config);
    expect(environment).toMatchObject({
      PATH: '/usr/bin',
      HOME: '/home/someone',
      CUDA_VISIBLE_DEVICES: '1',
      HF_HUB_OFFLINE: '1',
      PYTHONUNBUFFERED: '1',
    });
    expect(JSON.stringify(environment)).not.toContain('secret');
    expect(Object.keys(environment).filter((name) => name.startsWith('T_'))).toEqual([]);
  });

  test.for([
    ['auto', undefined],
    ['cpu', 'cpu'],
    ['cuda', 'cuda,cpu'],
  ] as const)('tells JAX its platform for %s', ([accelerator, platforms]) => {
    const { tunix } = config;
    const environment = childEnvironment({ ...config, tunix: { ...tunix, accelerator } });
    expect(environment.JAX_PLATFORMS).toBe(platforms);
  });
});

describe('networkEnvironment', () => {
  test('adds how to reach an index, for pip and downloads alone', () => {
    expect(networkEnvironment(config).PIP_INDEX_URL).toContain('index.test');
    expect(trainCommand(config, 'python', 'x').env).not.toHaveProperty('PIP_INDEX_URL');
  });
});

describe('trainCommand', () => {
  test('passes one file as one argument, whatever is in its name', () => {
    const file = '/data/a b; $(rm -rf /)/config.json';
    expect(trainCommand(config, '/venv/bin/python', file)).toMatchObject({
      file: '/venv/bin/python',
      args: ['-m', 'tunix_rt.sft', file],
    });
  });
});

describe('tokensCommand', () => {
  test('has no secret and no network', () => {
    const command = tokensCommand(config, '/venv/bin/python', '/data/a b/request.json');
    expect(command.args).toEqual(['-m', 'tunix_rt.tokens', '/data/a b/request.json']);
    expect(command.env).toEqual(childEnvironment(config));
  });
});

describe('fetchCommand', () => {
  test('alone has the token and may use the network', () => {
    const { env } = fetchCommand(config, 'python', 'Qwen/Qwen3-0.6B', '/cache/hub/x');
    expect(env.HF_TOKEN).toBe('hf_secret');
    expect(env).not.toHaveProperty('HF_HUB_OFFLINE');
    expect(env).not.toHaveProperty('TRANSFORMERS_OFFLINE');
    expect(JSON.stringify(env)).not.toContain('postgresql');
  });
});
