/** What a workload is to the command that runs it. */
import type { BenchPostgres } from './postgres.ts';
import type { Headline, Measurement } from './report.ts';

export type Bench = {
  postgres: BenchPostgres;
  /** Small sizes and short times: shows that it works, not how fast. */
  quick: boolean;
  /** A folder for CPU profiles of the API. */
  profile: string | undefined;
  /** A checkout of the predecessor. */
  predecessor: string | undefined;
  /** Another size than the usual, as the workload understands it: `1g`. */
  size: string | undefined;
  log: (line: string) => void;
};

export type Workload = {
  letter: string;
  name: string;
  open(bench: Bench): Promise<OpenWorkload>;
};

type OpenWorkload = AsyncDisposable & {
  what: string;
  skipped: string[];
  /** Filled by the rounds: each fact is asserted before its figure is returned. */
  checks: Set<string>;
  /** Everyone once, in the same order each round, so that peers are interleaved. */
  round(): Promise<Measurement[]>;
  headlineOf(name: string): Headline;
};

/** A wrong result ends the benchmark: how fast it came does not matter. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult';
}

/** @throws WrongResult unless the two are the same, compared as JSON. */
export function same(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new WrongResult(`${what}: expected ${b}, found ${a}`);
}
