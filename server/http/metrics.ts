import type { ServerResponse } from 'node:http';
import type { App } from '../app.ts';
import { CONTENT_TYPE, NOT_TOLD, scrapeApi } from '../metrics/scrape.ts';
import { fail } from './respond.ts';

/** Answers `GET /metrics`: the numbers of this process and of the system, in the text format. */
export async function serveMetrics(app: App, response: ServerResponse): Promise<void> {
  if (!app.config.metrics.enabled) {
    fail(response, 404, 'NOT_FOUND', NOT_TOLD);
    return;
  }
  const text = await scrapeApi(app);
  response.setHeader('content-type', CONTENT_TYPE);
  response.setHeader('cache-control', 'no-store');
  response.end(text);
}
