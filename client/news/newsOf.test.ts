import { describe, expect, test } from 'vitest';
import { openNewsOf } from './newsOf.ts';

const run = (status: string, over = {}) => ({ id: 'r7', number: 7, status, attempt: 1, ...over });
const check = (id: string, verdict = 'REGRESSED') => ({
  ...{ id, verdict, baseline: { name: 'main' }, evaluation: { run: { number: 7 } } },
  reasons: ['Lost 12 points.'],
});

describe('it is news', () => {
  test('that a run ends that was under way, once', () => {
    const news = openNewsOf();
    expect(news.run(run('RUNNING'), 1)).toBeUndefined();
    expect(news.run(run('FAILED', { name: 'big', error: 'No memory.' }), 2)).toEqual({
      ...{ id: 'run 7 FAILED 1', tone: 'bad', title: 'Run 7 big failed', text: 'No memory.' },
      ...{ to: '/runs/7', at: 2 },
    });
    expect(news.run(run('FAILED'), 3)).toBeUndefined();
  });

  test('that a check regresses after the page was opened', () => {
    const news = openNewsOf();
    expect(news.checks([check('old')], 1)).toEqual([]);
    const now = [check('new'), check('unclear', 'INCONCLUSIVE'), check('old')];
    expect(news.checks(now, 2)).toMatchObject([
      { id: 'check new', title: 'Run 7 is worse than main', to: '/baselines/main?check=new' },
    ]);
    expect(news.checks(now, 3)).toEqual([]);
  });

  test('that a runner that was there is gone', () => {
    const news = openNewsOf();
    const runner = { id: 'a', name: 'h200-1', online: true };
    expect(news.runner(runner, 1)).toBeUndefined();
    expect(news.runner({ ...runner, online: false }, 2)?.title).toBe('Runner h200-1 is gone');
    expect(news.runner({ ...runner, online: false }, 3)).toBeUndefined();
  });
});

describe('it is no news', () => {
  test('that a run was over before it was heard of', () => {
    expect(openNewsOf().run(run('COMPLETED'), 1)).toBeUndefined();
  });

  test('that a runner was stopped', () => {
    const news = openNewsOf();
    const runner = { id: 'a', name: 'h200-1', online: true, stoppedAt: null };
    news.runner(runner, 1);
    const stopped = { ...runner, online: false, stoppedAt: '2026-11-21T10:00:00Z' };
    expect(news.runner(stopped, 2)).toBeUndefined();
  });

  test('that a runner was never there', () => {
    expect(openNewsOf().runner({ id: 'a', name: 'x', online: false }, 1)).toBeUndefined();
  });
});
