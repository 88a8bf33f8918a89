import { describe, expect, test } from 'vitest';
import { hubModels } from '../../tunix/hub.ts';
import { checkDevices } from './devices.ts';
import type { EligibleRunner } from './placement.ts';

const architecture =
  hubModels({ cacheDir: '/cache' }).find(({ id }) => id === 'Qwen/Qwen3-0.6B')?.architecture ??
  null;

const runner = (count: number | null, platform = 'gpu'): EligibleRunner => ({
  id: 'r',
  isReady: true,
  message: '',
  devices:
    count === null
      ? null
      : Array.from({ length: count }, (_, id) => ({ kind: platform, platform, id })),
  resources: {},
});

const check = (
  mesh: { fsdp: number; tp: number } | undefined,
  runners: EligibleRunner[],
  { batchSize = 8, advanced = {} } = {},
) =>
  checkDevices(
    { advanced, hyperparameters: { batchSize, ...(mesh && { mesh }) } as never },
    architecture,
    runners,
  );

const nothing = { issues: [], warnings: [] };

describe('checkDevices', () => {
  test('has nothing against one device, or against a mesh that every runner has', () => {
    expect(check(undefined, [])).toEqual(nothing);
    expect(check({ fsdp: 1, tp: 1 }, [])).toEqual(nothing);
    expect(check({ fsdp: 4, tp: 2 }, [runner(8), runner(16)])).toEqual(nothing);
  });

  test('refuses more devices than any runner has', () => {
    expect(check({ fsdp: 4, tp: 2 }, [runner(1), runner(4)]).issues).toMatchObject([
      { path: ['hyperparameters', 'mesh'], code: 'MESH_TOO_LARGE', limit: '4', found: '8' },
    ]);
  });

  test('warns when no runner is there or none has said what it has', () => {
    const codes = (runners: EligibleRunner[]) =>
      check({ fsdp: 2, tp: 1 }, runners).warnings.map(({ code }) => code);
    expect(codes([])).toEqual(['DEVICES_UNKNOWN']);
    expect(codes([runner(null)])).toEqual(['DEVICES_UNKNOWN']);
    expect(codes([runner(1), runner(null)])).toEqual(['DEVICES_UNKNOWN']);
  });

  test('warns when only some runners have them', () => {
    expect(check({ fsdp: 2, tp: 1 }, [runner(2), runner(1), runner(null)])).toMatchObject({
      issues: [],
      warnings: [{ code: 'MESH_NOT_EVERYWHERE', message: expect.stringContaining('1 of 3') }],
    });
  });

  test('refuses a batch that the mesh does not divide', () => {
    expect(check({ fsdp: 4, tp: 1 }, [runner(4)], { batchSize: 6 }).issues).toMatchObject([
      { path: ['hyperparameters', 'batchSize'], code: 'NOT_DIVISIBLE', found: '6' },
    ]);
  });

  test('refuses parts that the model cannot be divided into', () => {
    // 16 heads, 8 key heads, width 1024, vocabulary 151 936 = 2^7 × 1187.
    expect(check({ fsdp: 1, tp: 16 }, [runner(16)]).issues).toMatchObject([
      {
        path: ['hyperparameters', 'mesh', 'tp'],
        code: 'NOT_DIVISIBLE',
        message: expect.stringContaining('8 key heads, not divisible by 16'),
      },
    ]);
    expect(check({ fsdp: 3, tp: 1 }, [runner(3)], { batchSize: 9 }).issues).toMatchObject([
      { path: ['hyperparameters', 'mesh', 'fsdp'], code: 'NOT_DIVISIBLE' },
    ]);
  });

  test('has flash attention on a TPU alone', () => {
    const advanced = { model_config: { use_flash_attention: true } };
    expect(check(undefined, [runner(1, 'tpu')], { advanced })).toEqual(nothing);
    expect(check(undefined, [runner(1)], { advanced }).issues).toMatchObject([
      {
        path: ['advanced', 'model_config', 'use_flash_attention'],
        code: 'FLASH_ATTENTION_NEEDS_TPU',
      },
    ]);
    expect(check(undefined, [runner(null)], { advanced })).toMatchObject({
      issues: [],
      warnings: [{ code: 'FLASH_ATTENTION_NEEDS_TPU' }],
    });
  });
});
