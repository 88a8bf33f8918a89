/** Numbers that a process of the API counts by itself, from its start. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Rejections } from '../limits/rejections.ts';
import { bounded } from './bounded.ts';

/** Seconds of an answer over HTTP, exports and imports included. */
const ANSWER_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

const OPERATIONS = 200;
const CLIENTS = 20;
const CODES = 50;

export type ApiMetrics = ReturnType<typeof openApiMetrics>;

/** One operation of GraphQL, as it ended. */
export type OperationSeen = {
  name: string | null;
  type: 'query' | 'mutation' | 'subscription';
  client: string | null;
  seconds: number;
  failed: boolean;
};

/** Opens them. `logLag` tells how many lines the follower that is furthest behind has yet to get. */
export function openApiMetrics(rejections: Pick<Rejections, 'read'>, logLag: () => number) {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'tunix_http_requests_total',
    help: 'Answers over HTTP by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const answers = new Histogram({
    name: 'tunix_http_request_duration_seconds',
    help: 'Seconds from a request to the end of its answer by route; streams take as long as they are followed.',
    labelNames: ['route'],
    buckets: ANSWER_BUCKETS,
    registers,
  });
  const operations = new Counter({
    name: 'tunix_graphql_operations_total',
    help:
      'Operations executed by name, type, client and outcome; `other` stands for every name after the first ' +
      `${OPERATIONS} and every client after the first ${CLIENTS}, \`stranger\` for all of whoever has not ` +
      'signed in.',
    labelNames: ['operation', 'type', 'client', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'tunix_graphql_operation_duration_seconds',
    help: 'Seconds an operation took by name and type; of a subscription until it was open.',
    labelNames: ['operation', 'type'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const errors = new Counter({
    name: 'tunix_graphql_errors_total',
    help: 'Errors in answers of GraphQL by code, those of operations that were not executed included.',
    labelNames: ['code'],
    registers,
  });
  const subscriptions = new Gauge({
    name: 'tunix_graphql_subscriptions_open',
    help: 'Subscriptions open now by field.',
    labelNames: ['field'],
    registers,
  });
  const sockets = new Gauge({
    name: 'tunix_sockets_open',
    help: 'WebSockets open now.',
    registers,
  });
  new Counter({
    name: 'tunix_rejections_total',
    help: 'Requests, sockets and operations that a limit or a guard refused by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of rejections.read()) this.inc({ reason }, count);
    },
  });
  const signIns = new Counter({
    name: 'tunix_sign_ins_total',
    help: 'Tries to sign in by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  new Gauge({
    name: 'tunix_log_follower_lag_lines',
    help: 'Lines stored that the follower furthest behind has yet to get, over all logs followed here.',
    registers,
    collect() {
      this.set(logLag());
    },
  });
  const operationOf = bounded(OPERATIONS);
  const clientOf = bounded(CLIENTS);
  const codeOf = bounded(CODES);
  return {
    registry,
    /** `route` and `method` are of a fixed list. */
    answered(method: string, route: string, status: number, seconds: number) {
      requests.inc({ method, route, status });
      answers.observe({ route }, seconds);
    },
    executed({ name, type, client, seconds, failed }: OperationSeen) {
      const operation = operationOf(name || 'anonymous');
      const outcome = failed ? 'error' : 'ok';
      operations.inc({ operation, type, client: clientOf(client || 'unknown'), outcome });
      durations.observe({ operation, type }, seconds);
    },
    failed(code: string) {
      errors.inc({ code: codeOf(code) });
    },
    /** Counts one subscription of this field until the answer is called. */
    subscribed(field: string): () => void {
      subscriptions.inc({ field });
      return () => subscriptions.dec({ field });
    },
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    signedIn(outcome: 'accepted' | 'refused' | 'limited' | 'failed') {
      signIns.inc({ outcome });
    },
  };
}
