import type { Pool } from 'pg';
import type { Config } from '../config.ts';
import { shared } from '../lib/shared.ts';
import type { Rejections } from '../limits/rejections.ts';
import { type ApiMetrics, openApiMetrics } from './api.ts';
import { type CommonMetrics, openCommonMetrics } from './common.ts';
import type { Family } from './family.ts';
import { openRunnerMetrics, type RunnerMetrics } from './runner.ts';
import { readSystem } from './system.ts';

/** What a process counts. A process tells the common part and its own one; see `scrape.ts`. */
export type Metrics = {
  common: CommonMetrics;
  api: ApiMetrics;
  runner: RunnerMetrics;
  /** What the rows say of the whole system, read once for all who ask at once. */
  system(): Promise<Family[]>;
};

/** Opens the metrics of a process; nothing of them is read before they are asked for. */
export const openMetrics = (
  config: Pick<Config, 'dataDir' | 'metrics'>,
  sql: Pool,
  rejections: Pick<Rejections, 'read'>,
  logLag: () => number,
): Metrics => {
  const read = shared<Family[]>();
  return {
    common: openCommonMetrics(sql, config.dataDir, config.metrics.enabled),
    api: openApiMetrics(rejections, logLag),
    runner: openRunnerMetrics(),
    system: () => read('system', () => readSystem(sql)),
  };
};
