/** The dashboard and the alerts speak of numbers that are there. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { parse } from 'yaml';
import { parseScrape } from '../test/prometheus.ts';
import { expect, test } from '../test/test.ts';
import { scrapeApi, scrapeRunner } from './scrape.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy');
const read = (file: string) => readFileSync(join(DEPLOY, file), 'utf8');

type Panel = { title: string; targets?: { expr: string }[] };
type Rule = { alert: string; expr: string; annotations: { summary: string; description: string } };

const rules = globSync('prometheus/rules/*.yml', { cwd: DEPLOY }).flatMap((file) =>
  (parse(read(file)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
);
const { panels } = JSON.parse(read('grafana/dashboards/tunix-rt.json')) as { panels: Panel[] };
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** The metrics of an expression; those of a histogram by its own name. */
const metricsIn = (expression: string) =>
  [...expression.matchAll(/\b(?:tunix|process|nodejs)_[a-z0-9_]+/g)].map(([name]) =>
    name.replace(/_bucket$/, ''),
  );

describe('the dashboard and the alerts', () => {
  test('ask for numbers that a scrape has', async ({ app }) => {
    const scraped = [await scrapeApi(app), await scrapeRunner(app)].map(parseScrape);
    const names = new Set(scraped.flatMap((scrape) => scrape.names));
    const asked = expressions.flatMap(([where, expression]) =>
      metricsIn(expression).map((name) => ({ where, name })),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter(({ name }) => !names.has(name))).toEqual([]);
  });

  test('show every number of ours that changes', async ({ app }) => {
    const scraped = [await scrapeApi(app), await scrapeRunner(app)].map(parseScrape);
    const asked = new Set(expressions.flatMap(([, expression]) => metricsIn(expression)));
    const ours = scraped.flatMap(({ names }) => names).filter((name) => name.startsWith('tunix_'));
    // What each runner counts by itself stands there as the sum over all of them.
    const told = ['tunix_runner_slots', 'tunix_runner_attempts_total'];
    expect([...new Set(ours)].filter((name) => !asked.has(name)).toSorted()).toEqual(
      told.toSorted(),
    );
  });

  test('say of each alert what it is and what to do, and try it', () => {
    const { tests } = parse(read('prometheus/tests/tunix-rt.yml')) as { tests: { name: string }[] };
    for (const { alert, annotations } of rules) {
      expect(annotations.summary, alert).toMatch(/\S/);
      expect(annotations.description, alert).toMatch(/\S/);
    }
    expect(tests.map(({ name }) => name)).toEqual(
      rules.flatMap(({ alert }) => [`${alert} comes`, `${alert} stays away`]),
    );
  });
});

test('no process tells the sum of what another tells under the same name', async ({ app }) => {
  const [api, runner] = [await scrapeApi(app), await scrapeRunner(app)].map(
    (text) => parseScrape(text).names,
  );
  const shared = (api ?? []).filter((name) => runner?.includes(name) && name.startsWith('tunix_'));
  expect(shared.filter((name) => !/^tunix_(db_|disk_|build_)/.test(name))).toEqual([]);
});
