/**
 * Random histories of a run, done to the database and to a model of it (`server/test/runModel.ts`).
 * One after the other, both must agree after each step. At the same moment, what was answered and
 * what is stored must be what some order of the operations gives: nobody saw a state that never was.
 * A failure prints its seed and the shortest history found; SEED=… repeats it.
 */
import fc from 'fast-check';
import type { App } from '../app.ts';
import { registerRunner } from '../runners/register.ts';
import { makeDataset } from '../test/make.ts';
import { look, perform, queueReal } from '../test/realRun.ts';
import { withStandIn } from '../test/rig.ts';
import { apply, type Operation, queued, type RunModel } from '../test/runModel.ts';
import { describe, expect, test } from '../test/test.ts';

const seeded = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };

let app: App;
let runnerId: string;
let datasetKey: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base, 1);
  runnerId = await registerRunner(app);
  datasetKey = (await makeDataset(app, { train: 4, eval: 2, test: 4 })).key;
  // A database that has just started gives every lease some grace.
  await app.sql.query(
    `SELECT pg_sleep(greatest(0, extract(
       epoch FROM pg_postmaster_start_time() + interval '1.1 s' - clock_timestamp())))`,
  );
});

/** Only of a lease that is held does it matter whether it is over. */
const comparable = (run: RunModel): RunModel => ({
  ...run,
  lapsed: run.status === 'RUNNING' && run.lapsed,
});

/** The operations in every order. */
function* orders<T>(all: readonly T[]): Generator<T[]> {
  if (all.length === 0) yield [];
  for (const [index, first] of all.entries()) {
    for (const rest of orders(all.toSpliced(index, 1))) yield [first, ...rest];
  }
}

/** What comes of operations in this order: the run, and the answer to each of them. */
function applyAll(run: RunModel, order: readonly Operation[]): [RunModel, Map<Operation, string>] {
  const answers = new Map<Operation, string>();
  let after = run;
  for (const operation of order) {
    const [next, answer] = apply(after, operation);
    after = next;
    answers.set(operation, answer);
  }
  return [after, answers];
}

// Of the holders, the newest is by far the likeliest; epochs beyond it are held by nobody.
const epoch = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) },
);
/** An operation whose `epoch` is still counted back from the newest. */
const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('expire', 'reap') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retry' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renew' as const), epoch }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('log' as const),
      epoch,
      text: fc.constantFrom('one', 'two\nlines', 'ü\n\tthree\nlines'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('metric' as const),
      epoch,
      points: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      mode: fc.constantFrom('SAVE', 'NOW'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('finish' as const),
      epoch,
      as: fc.constantFrom('COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED', 'LOST', 'RELEASED'),
    }),
  },
);

/** A holder has one writer of the log and one of metrics: each does one thing after the other. */
const oneOfEachWriter = (round: Operation[]): Operation[] =>
  round.filter((operation, at) => {
    if (operation.do !== 'log' && operation.do !== 'metric') return true;
    const isSame = (other: Operation) =>
      other.do === operation.do && other.epoch === operation.epoch;
    return round.findIndex(isSame) === at;
  });

/** Does rounds of operations, those of one round at the same moment, and compares after each. */
async function agree(rounds: Operation[][], maxAttempts: number, retryOnFailure: boolean) {
  const real = await queueReal(app, datasetKey, maxAttempts, retryOnFailure);
  let model = queued(maxAttempts, retryOnFailure);
  try {
    for (const round of rounds) {
      const all = round.map((operation) =>
        'epoch' in operation
          ? { ...operation, epoch: Math.max(0, model.epoch - operation.epoch) }
          : operation,
      );
      const given = await Promise.all(
        all.map((operation) => perform(app, runnerId, real, operation)),
      );
      const answers = new Map(all.map((operation, index) => [operation, given[index] ?? '']));
      const seen = comparable(await look(app, real));
      const possible = [...orders(all)].map((order) => applyAll(model, order));
      const match = possible.find(([after, expected]) => {
        const isSame = JSON.stringify(comparable(after)) === JSON.stringify(seen);
        return isSame && all.every((each) => expected.get(each) === answers.get(each));
      });
      if (!match) {
        const [after, expected] = possible[0] ?? [model, new Map()];
        // No order gives this: what the first would give says most.
        expect([seen, ...answers.values()]).toEqual([comparable(after), ...expected.values()]);
      }
      model = match?.[0] ?? model;
    }
  } finally {
    await app.sql.query('DELETE FROM runs');
  }
}

describe('a run', () => {
  test('is what the model says after any history', { timeout: 120_000 }, async () => {
    const history = fc.array(operations, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 3 }), fc.boolean(), (all, most, again) =>
        agree(
          all.map((operation) => [operation]),
          most,
          again,
        ),
      ),
      { numRuns: 100, ...seeded },
    );
  });

  test('is what some order gives of operations at the same moment', {
    timeout: 120_000,
  }, async () => {
    const round = fc.array(operations, { minLength: 1, maxLength: 4 }).map(oneOfEachWriter);
    const history = fc.array(round, { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 3 }), fc.boolean(), agree),
      { numRuns: 100, ...seeded },
    );
  });
});
