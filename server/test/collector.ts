/** Stands in for a collector of spans: a real HTTP server that keeps what OTLP sends it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

type Value = { stringValue?: string; intValue?: number | string; boolValue?: boolean };
type Attribute = { key: string; value: Value };

/** One span as it arrived. */
export type SeenSpan = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code?: number; message?: string };
  attributes: Attribute[];
};

type Export = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: SeenSpan[] }[] }[];
};

/** An attribute as the text or number it holds. */
export const attributeOf = (span: SeenSpan | undefined, key: string): string | undefined => {
  const value = span?.attributes.find((attribute) => attribute.key === key)?.value;
  return value && String(Object.values(value)[0]);
};

/** Starts it on a free loopback port. */
export async function startCollector() {
  const paths: string[] = [];
  const exports: Export[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    void json(request).then((body) => {
      exports.push(body as Export);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const resources = () => exports.flatMap(({ resourceSpans }) => resourceSpans);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    spans: () => resources().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    services: () =>
      resources().map(
        ({ resource }) =>
          resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue,
      ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
