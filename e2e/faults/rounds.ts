/**
 * `npm run test:invariants`: everything that proves an invariant, again and again, each round from a
 * seed of its own. `-- --rounds=3` for fewer than 20. Ends with the first round that fails.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const wanted = process.argv.find((argument) => argument.startsWith('--rounds='));
const rounds = Number(wanted?.split('=')[1] ?? 20);

/** The arguments of vitest, for real processes and for single parts on a real database. */
const PARTS = [
  ['--config', 'e2e/faults/vitest.config.ts', '--project', 'faults'],
  [
    ...['--project', 'server'],
    ...['runs.model', 'lease', 'attempt/endings', 'attempt/leftovers', 'queue/take'].map(
      (name) => `server/runs/${name}`,
    ),
    ...['server/logs', 'server/lib/lines', 'server/traces/importResume'],
  ],
  ['--config', 'e2e/vitest.config.ts', 'e2e/long/import'],
];

for (let round = 1; round <= rounds; round++) {
  const seed = randomInt(2 ** 31);
  const began = performance.now();
  for (const part of PARTS) {
    const child = spawn(
      process.execPath,
      [resolve('node_modules/vitest/vitest.mjs'), 'run', ...part],
      {
        env: { ...process.env, SEED: String(seed), NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code === 0) continue;
    process.stdout.write(`${output}\nround ${round} of ${rounds} failed: SEED=${seed}\n`);
    process.exit(1);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`round ${round} of ${rounds}: all hold, SEED=${seed}, ${seconds} s\n`);
}
