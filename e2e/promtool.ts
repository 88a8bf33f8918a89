/**
 * `npm run test:promtool`: what API and runner tell, the alerts and the configuration, before the
 * program of Prometheus itself. Apart from `npm test`, because it needs the Debian package `prometheus`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { runnerAddress, type System, startSystem } from './system.ts';

const DEPLOY = 'deploy/prometheus';

/** Runs promtool with a text on its stdin; what it says goes to the terminal. Answers whether it is content. */
async function promtool(args: string[], text = ''): Promise<boolean> {
  const child = spawn('promtool', args, { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  child.stdin.end(text);
  const [code] = (await ended) as [number | null];
  return code === 0;
}

/** The text of an address, after a check of what it is. */
async function scrape(url: string): Promise<string> {
  const answer = await fetch(url);
  const type = answer.headers.get('content-type') ?? '';
  if (!answer.ok || !type.startsWith('text/plain; version=0.0.4')) {
    throw new Error(`${url} answered ${answer.status} ${type}`);
  }
  return answer.text();
}

const RUNNER_MS = 60_000;

/** Where the runner says that it can be asked. */
async function runnerUrl(system: System): Promise<string> {
  for (const late = performance.now() + RUNNER_MS; performance.now() < late; await pause(100)) {
    const url = runnerAddress(system.output());
    if (url) return url;
  }
  throw new Error(`the runner does not say where it can be asked:\n${system.output()}`);
}

await using system = await startSystem();
// So that what has labels has values, too.
for (const query of ['query Seen { health { ok } storage { totalBytes } }', '{ nowhere }']) {
  await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
}
const addresses = [system.url, await runnerUrl(system)].map((url) => `${url}/metrics`);
const checks: [string, () => Promise<boolean>][] = [
  ...addresses.map((url): [string, () => Promise<boolean>] => [
    url,
    async () => promtool(['check', 'metrics'], await scrape(url)),
  ]),
  ['the alerts', () => promtool(['check', 'rules', ...globSync(`${DEPLOY}/rules/*.yml`)])],
  ['their tests', () => promtool(['test', 'rules', ...globSync(`${DEPLOY}/tests/*.yml`)])],
  [
    'the configuration',
    () => promtool(['check', 'config', '--syntax-only', `${DEPLOY}/prometheus.yml`]),
  ],
];
for (const [what, check] of checks) {
  const isFine = await check();
  process.stdout.write(`${isFine ? 'fine' : 'FAILED'}: ${what}\n`);
  if (!isFine) process.exitCode = 1;
}
