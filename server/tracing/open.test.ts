import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe } from 'vitest';
import { readConfig } from '../config.ts';
import { attributeOf, startCollector } from '../test/collector.ts';
import { openServer } from '../test/http.ts';
import { finishedRun, withRunner } from '../test/runnerRig.ts';
import { expect, test } from '../test/test.ts';
import { NO_SPAN, openTracing } from './open.ts';

const settings = (url: string) => readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

describe('spans', () => {
  test('of a request stand below its traceparent, and of its operation below it', async ({
    app,
  }) => {
    await using collector = await startCollector();
    const tracing = await openTracing(settings(collector.url), 'api');
    {
      await using server = await openServer({ ...app, tracing });
      const body = JSON.stringify({ query: 'query Seen { health { ok } }' });
      await server.send('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-request-id': 'request-7',
          traceparent: `00-${TRACE}-${PARENT}-01`,
        },
        body,
      });
    }
    await tracing.close();
    expect(collector.paths).toEqual(['/v1/traces']);
    expect(collector.services()).toEqual(['tunix-rt-api']);
    const named = (name: string) => collector.spans().find((span) => span.name === name);
    const request = named('POST /graphql');
    const operation = named('query Seen');
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
    expect(operation).toMatchObject({ traceId: TRACE, parentSpanId: request?.spanId });
    expect(attributeOf(request, 'http.response.status_code')).toBe('200');
    expect(attributeOf(request, 'tunix.request.id')).toBe('request-7');
    expect(attributeOf(operation, 'tunix.request.id')).toBe('request-7');
    expect(attributeOf(operation, 'graphql.operation.name')).toBe('Seen');
  });

  test('of an attempt tell the run, its claim and how it ended', async ({ app: base }) => {
    await using collector = await startCollector();
    const tracing = await openTracing(settings(collector.url), 'runner');
    const { app, execute } = await withRunner({ ...base, tracing });
    const runId = await finishedRun(app, execute, 1);
    const { number } = await app.db.run.findUniqueOrThrow({ where: { id: runId } });
    await tracing.close();
    const named = (name: string) => collector.spans().find((span) => span.name === name);
    const attempt = named('attempt');
    expect(named('claim')).toMatchObject({ parentSpanId: attempt?.spanId });
    expect(attributeOf(attempt, 'tunix.run.id')).toBe(runId);
    expect(attributeOf(attempt, 'tunix.run.number')).toBe(String(number));
    expect(attributeOf(attempt, 'tunix.attempt.outcome')).toBe('completed');
    expect(BigInt(attempt?.endTimeUnixNano ?? 0)).toBeGreaterThan(
      BigInt(attempt?.startTimeUnixNano ?? 0),
    );
  });

  test.for([
    ['a header that is no traceparent', 'hello'],
    ['a traceparent of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a version that is reserved', `ff-${TRACE}-${PARENT}-01`],
  ])('begin a trace of their own with %s', async ([, header]) => {
    await using collector = await startCollector();
    const tracing = await openTracing(settings(collector.url), 'api');
    tracing.start('alone', {}, header).end();
    await tracing.close();
    const [span] = collector.spans();
    expect(span?.name).toBe('alone');
    expect(span?.traceId).not.toBe(TRACE);
    expect(span?.parentSpanId).toBeUndefined();
  });

  test('that end with a fault are marked, and null attributes are left out', async () => {
    await using collector = await startCollector();
    const tracing = await openTracing(settings(`${collector.url}/`), 'api');
    tracing.start('broken', { kept: true, left: null }).end('it broke');
    await tracing.close();
    const [span] = collector.spans();
    expect(span?.status).toMatchObject({ code: 2, message: 'it broke' });
    expect(span?.attributes.map(({ key }) => key)).toEqual(['kept']);
  });

  test('do not hold up the end of a process when the collector is away', async () => {
    const { url, [Symbol.asyncDispose]: close } = await startCollector();
    await close();
    const tracing = await openTracing(settings(url), 'api');
    tracing.start('lost', {}).end();
    const startedAt = performance.now();
    await tracing.close();
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });
});

describe('without a collector', () => {
  test('a span is nothing', async () => {
    const tracing = await openTracing(readConfig({}), 'api');
    expect(tracing.start('anything', { a: 1 }, `00-${TRACE}-${PARENT}-01`)).toBe(NO_SPAN);
    await tracing.close();
  });

  test.for([
    [null, 0],
    ['http://127.0.0.1:1', 1],
  ] as const)('with endpoint %s the packages are loaded: %i', async ([endpoint, loaded]) => {
    const file = JSON.stringify(resolve('server/tracing/open.ts'));
    const script = `
      import { Module } from 'node:module';
      const { openTracing } = await import(${file});
      await openTracing({ tracing: { endpoint: ${JSON.stringify(endpoint)} } }, 'api');
      const isOurs = (name) => name.includes('@opentelemetry');
      console.log(Object.keys(Module._cache).filter(isOurs).length > 0 ? 1 : 0);
      process.exit();`;
    const args = ['--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(Number(stdout)).toBe(loaded);
  });
});
