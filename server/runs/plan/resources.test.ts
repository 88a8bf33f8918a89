import { describe, expect, test } from 'vitest';
import type { EligibleRunner } from './placement.ts';
import { checkResources } from './resources.ts';

const runner = (
  resources: EligibleRunner['resources'],
  devices: EligibleRunner['devices'] = null,
): EligibleRunner => ({ id: 'r', isReady: true, message: '', devices, resources });

const gpu = (memoryBytes: number | null, id = 0) => ({
  kind: 'H200',
  platform: 'gpu',
  id,
  memoryBytes,
});

const codes = (
  runners: EligibleRunner[],
  { memoryBytes = 20e9 as number | null, diskBytes = 20e9 as number | null } = {},
  mesh?: { fsdp: number; tp: number },
) => checkResources({ memoryBytes, diskBytes }, mesh, runners).map(({ code }) => code);

describe('checkResources', () => {
  test('warns of what no runner has', () => {
    const runners = [
      runner({ memoryFreeBytes: 10e9, diskFreeBytes: 12e9 }),
      runner({ memoryFreeBytes: 16e9, diskFreeBytes: 5e9 }),
    ];
    expect(codes(runners)).toEqual(['MEMORY_TIGHT', 'DISK_TIGHT']);
    const [memory, disk] = checkResources(
      { memoryBytes: 2e10, diskBytes: 2e10 },
      undefined,
      runners,
    );
    expect(memory?.message).toContain('20.0 GB of memory');
    expect(memory?.message).toContain('more than 16.0 GB');
    expect(disk?.message).toContain('more than 12.0 GB free');
  });

  test('is silent when one runner has room', () => {
    const room = runner({ memoryFreeBytes: 30e9, diskFreeBytes: 30e9 });
    expect(codes([runner({ memoryFreeBytes: 1, diskFreeBytes: 1 }), room])).toEqual([]);
  });

  test('keeps a tenth free', () => {
    expect(codes([runner({ memoryFreeBytes: 21e9, diskFreeBytes: 23e9 })])).toEqual([
      'MEMORY_TIGHT',
    ]);
  });

  test('is silent about what is not known', () => {
    expect(codes([])).toEqual([]);
    expect(codes([runner({})])).toEqual([]);
    expect(codes([runner({ memoryFreeBytes: 1, diskFreeBytes: 1 }), runner({})])).toEqual([]);
    const unknown = { memoryBytes: null, diskBytes: null };
    expect(codes([runner({ memoryFreeBytes: 1, diskFreeBytes: 1 })], unknown)).toEqual([]);
  });

  test('asks the devices for their memory where they have their own', () => {
    const free = { memoryFreeBytes: 1e9 };
    expect(codes([runner(free, [gpu(80e9)])])).toEqual([]);
    expect(codes([runner(free, [gpu(16e9), gpu(16e9, 1)])])).toEqual(['MEMORY_TIGHT']);
    expect(codes([runner(free, [gpu(16e9), gpu(16e9, 1)])], {}, { fsdp: 2, tp: 1 })).toEqual([]);
    // The memory of the machine says nothing about a device that does not report its own.
    expect(codes([runner(free, [gpu(null)])])).toEqual([]);
    const cpu = { kind: 'cpu', platform: 'cpu', id: 0 };
    expect(codes([runner(free, [cpu])])).toEqual(['MEMORY_TIGHT']);
  });
});
