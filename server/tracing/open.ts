/**
 * Spans of what a process does, for a collector that speaks OTLP over HTTP. Without one nothing is
 * loaded, and a span costs nothing. A span is handed on to what happens below it: there is no current one.
 */
import type { Span as OtelSpan } from '@opentelemetry/api';
import type { Config } from '../config.ts';
import { VERSION } from '../health.ts';

type Attributes = Record<string, string | number | boolean | null>;

export type Span = {
  /** 32 hex digits, the same in the log; null without a collector. */
  readonly traceId: string | null;
  /** Adds attributes; null leaves one out. */
  set(attributes: Attributes): void;
  /** Ends it; with a fault it is marked as failed. */
  end(fault?: string): void;
};

/** What a span stands below: another span, a `traceparent` header of W3C, or nothing. */
type Parent = Span | string | null | undefined;

export type Tracing = {
  /** `startedAt`: when it began, in milliseconds of the wall clock, unless now. */
  start(name: string, attributes: Attributes, parent?: Parent, startedAt?: number): Span;
  /** Sends what is waiting, for a moment. */
  close(): Promise<void>;
};

/** A span that nobody collects. */
export const NO_SPAN: Span = { traceId: null, set() {}, end() {} };
const NO_TRACING: Tracing = { start: () => NO_SPAN, async close() {} };

/** A collector that is away may not hold up the end of a process. */
const CLOSE_MS = 2_000;
const EXPORT_MS = 5_000;

const HEADER =
  /^(?!ff)[0-9a-f]{2}-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?:-.*)?$/;

const known = (attributes: Attributes) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)) as Record<
    string,
    string | number | boolean
  >;

/** Opens the way to the collector of the settings; `name` is the kind of process. */
export async function openTracing(config: Pick<Config, 'tracing'>, name: string): Promise<Tracing> {
  const { endpoint } = config.tracing;
  if (!endpoint) return NO_TRACING;
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS });
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': `tunix-rt-${name}`,
      'service.version': VERSION,
    }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('tunix-rt', VERSION);
  const spans = new WeakMap<Span, OtelSpan>();

  const contextOf = (parent: Parent) => {
    if (typeof parent === 'string') {
      const { traceId = '', spanId = '', flags = '' } = HEADER.exec(parent)?.groups ?? {};
      const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
      return api.isSpanContextValid(remote)
        ? api.trace.setSpanContext(api.ROOT_CONTEXT, remote)
        : api.ROOT_CONTEXT;
    }
    const above = parent ? spans.get(parent) : undefined;
    return above ? api.trace.setSpan(api.ROOT_CONTEXT, above) : api.ROOT_CONTEXT;
  };

  return {
    start(spanName, attributes, parent, startTime) {
      const options = { attributes: known(attributes), ...(startTime && { startTime }) };
      const span = tracer.startSpan(spanName, options, contextOf(parent));
      const own: Span = {
        traceId: span.spanContext().traceId,
        set: (more) => void span.setAttributes(known(more)),
        end(fault) {
          if (fault) span.setStatus({ code: api.SpanStatusCode.ERROR, message: fault });
          span.end();
        },
      };
      spans.set(own, span);
      return own;
    },
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}
