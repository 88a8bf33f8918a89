/** Draws the seed of a run of fault tests, unless SEED gives one, and prints it. */
import type { TestProject } from 'vitest/node';

export function setup(project: TestProject): void {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`SEED=${seed}\n`);
  project.provide('seed', seed);
}
