import { getEventListeners } from 'node:events';
import type { Topic } from './bell.ts';
import { describe, expect, test } from './test/test.ts';

const FOREVER = 60_000;
const topicOf = (): Topic => `run:${crypto.randomUUID()}`;

describe('the bell', () => {
  test('wakes who listens to its topic, and nobody else', async ({ app }) => {
    const [topic, other] = [topicOf(), topicOf()];
    using ear = app.bell.listen(topic);
    using second = app.bell.listen(topic);
    using deaf = app.bell.listen(other);
    let woken = false;
    const stop = new AbortController();
    const waiting = deaf.heard(stop.signal, FOREVER).then(() => {
      woken = true;
    });
    app.bell.ring(topic);
    await Promise.all([ear.heard(stop.signal, FOREVER), second.heard(stop.signal, FOREVER)]);
    expect(woken).toBe(false);
    stop.abort();
    await waiting;
  });

  test('is heard later when it rings while nobody waits', async ({ app }) => {
    const topic = topicOf();
    using ear = app.bell.listen(topic);
    using witness = app.bell.listen(topic);
    const { signal } = new AbortController();
    app.bell.ring(topic);
    await witness.heard(signal, FOREVER);
    await ear.heard(signal, FOREVER);
  });

  test('rings again for what comes right after a ring', async ({ app }) => {
    const topic = topicOf();
    using ear = app.bell.listen(topic);
    const { signal } = new AbortController();
    for (let i = 0; i < 50; i++) app.bell.ring(topic);
    await ear.heard(signal, FOREVER);
    await ear.heard(signal, FOREVER);
  });

  test('lets a listener look by itself when its patience ends', async ({ app }) => {
    using ear = app.bell.listen(topicOf());
    const { signal } = new AbortController();
    for (let i = 0; i < 20; i++) await ear.heard(signal, 1);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('lets go of a listener at once when its signal aborts', async ({ app }) => {
    using ear = app.bell.listen(topicOf());
    const stop = new AbortController();
    const waiting = ear.heard(stop.signal, FOREVER);
    stop.abort();
    await waiting;
    await ear.heard(stop.signal, FOREVER);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  test('counts its listeners', async ({ app }) => {
    const before = app.bell.listeners;
    {
      using _one = app.bell.listen('runs');
      using _two = app.bell.listen('runs');
      expect(app.bell.listeners).toBe(before + 2);
    }
    expect(app.bell.listeners).toBe(before);
  });
});
