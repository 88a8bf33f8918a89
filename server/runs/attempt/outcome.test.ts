import { describe, expect, test } from 'vitest';
import { classify } from './outcome.ts';

describe('classify', () => {
  const killed = { kind: 'killed', signal: 'SIGKILL' } as const;

  test.for([
    [false, 'The training process was ended by SIGKILL.'],
    [true, 'The training process was ended by SIGKILL for lack of memory.'],
  ] as const)('says when memory was short (%s)', ([shortOfMemory, reason]) => {
    expect(classify(killed, null, '', shortOfMemory)).toEqual({
      status: 'LOST',
      reason,
      exitCode: null,
      exitSignal: 'SIGKILL',
    });
  });

  test('takes a requested stop for the reason of a kill', () => {
    expect(classify(killed, 'CANCEL_NOW', '', false)).toMatchObject({ status: 'CANCELLED' });
  });

  test('keeps what the process said of an exit code', () => {
    const exit = { kind: 'exited', code: 1 } as const;
    expect(classify(exit, null, 'ValueError: bad luck', true)).toMatchObject({
      status: 'FAILED',
      reason: 'Training failed with exit code 1: ValueError: bad luck',
    });
  });
});
