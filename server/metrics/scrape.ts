/** What a process answers to Prometheus. */
import type { App } from '../app.ts';
import { type Family, family, printFamilies } from './family.ts';

/** Of the text format. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Said where METRICS is false. */
export const NOT_TOLD = 'Numbers are not told here: METRICS is false.';

type Needs = Pick<App, 'metrics' | 'log'>;

/**
 * The numbers of the API: its own, and those of the system from the database. While that is away the
 * own ones still come, with `tunix_database_up 0`.
 */
export async function scrapeApi(app: Needs): Promise<string> {
  const { common, api } = app.metrics;
  const system = await systemOrNone(app);
  return [
    await common.registry.metrics(),
    await api.registry.metrics(),
    await printFamilies(system),
  ].join('\n');
}

/** The numbers of a runner: its own alone, so that any number of them add up. */
export async function scrapeRunner(app: Needs): Promise<string> {
  const { common, runner } = app.metrics;
  return [await common.registry.metrics(), await runner.registry.metrics()].join('\n');
}

async function systemOrNone(app: Needs): Promise<Family[]> {
  const up = (value: number) =>
    family('gauge', 'tunix_database_up', 'Whether the database answered this scrape.', [
      [{}, value],
    ]);
  try {
    return [up(1), ...(await app.metrics.system())];
  } catch (error) {
    app.log.debug({ err: error }, 'numbers of the system not read');
    return [up(0)];
  }
}
