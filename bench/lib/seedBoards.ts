/** Evaluated runs and their boards, written in bulk as the product would have written them one by one. */
import type { Pool } from 'pg';
import { same } from './workload.ts';

const DATASETS = 20;
const MODELS = 50;

const METRICS = ['score', 'primary_score', 'accuracy'];
const SLICES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `section/${name}/accuracy`);

const uuid = (kind: number, index: string) =>
  `('01900000-0000-7000-800${kind}-' || lpad(to_hex((${index})::int), 12, '0'))::uuid`;

/** Around 500 of 1000 right answers, always the same for an index. */
const CORRECT = [1, 2, 3]
  .map((draw) => `abs(hashint4(i * 4 + ${draw})) % 160`)
  .reduce((sum, draw) => `${sum} + ${draw}`, '260');

const statements = [
  `INSERT INTO datasets (id, key, name, version, content_hash, recipe, stats, item_count, train_count,
     eval_count, test_count)
   SELECT ${uuid(1, 'i')}, 'board-' || i, 'board', i, encode(sha256(i::text::bytea), 'hex'), '{}', '{}',
     1000, 0, 0, 1000 FROM generate_series(1, ${DATASETS}) AS i`,
  `INSERT INTO runs (id, dataset_id, model_id, mode, status, config, config_hash, timeout_seconds,
     epoch, finished_at)
   SELECT ${uuid(2, 'i')}, ${uuid(1, `CASE WHEN i % 10 < 6 THEN 1 ELSE 2 + i % ${DATASETS - 1} END`)},
     'model-' || i * 7 % ${MODELS}, 'LOCAL', 'COMPLETED', '{}', repeat('0', 64), 3600, 1, now()
   FROM generate_series(1, $1::int) AS i`,
  `INSERT INTO evaluations (id, run_id, dataset_id, split, judge, judge_version, status, score,
     item_count, correct_count, metrics, finished_at)
   SELECT ${uuid(3, 'i')}, r.id, r.dataset_id, 'TEST', 'answer_correctness', 1, 'COMPLETED', k / 10.0,
     1000, k, jsonb_build_object('score', k / 10.0, 'primary_score', k / 1000.0, 'accuracy', k / 1000.0),
     timestamptz '2026-01-01' + i * interval '1 minute'
   FROM generate_series(1, $1::int) AS i JOIN runs r ON r.id = ${uuid(2, 'i')}
   CROSS JOIN LATERAL (SELECT (${CORRECT})::int AS k) AS right_ones`,
  `INSERT INTO boards (target_hash, dataset_id, split, judge, judge_version, version)
   SELECT encode(sha256(convert_to('{"dataset":"' || content_hash || '","settings":{},"split":"TEST"}',
     'UTF8')), 'hex'), id, 'TEST', 'answer_correctness', 1, 1 FROM datasets ORDER BY id DESC`,
  'ALTER TABLE board_entries DISABLE TRIGGER board_entries_count',
  `INSERT INTO board_entries (board_id, metric, pick, run_id, evaluation_id, model_id, value, correct,
     items, evaluated_at, version)
   SELECT b.id, metric, pick, r.id, e.id, r.model_id,
     CASE metric WHEN 'score' THEN e.score ELSE e.correct_count / 1000.0 END, e.correct_count, 1000,
     e.finished_at, 1
   FROM evaluations e JOIN runs r ON r.id = e.run_id JOIN boards b ON b.dataset_id = e.dataset_id
   CROSS JOIN unnest($1::text[]) AS metric CROSS JOIN unnest(ARRAY['LATEST', 'BEST']::board_pick[]) AS pick`,
  `INSERT INTO board_values SELECT board_id, metric, pick, value, count(*)
   FROM board_entries GROUP BY 1, 2, 3, 4`,
  'ALTER TABLE board_entries ENABLE TRIGGER board_entries_count',
  'VACUUM ANALYZE',
];

/** Makes the rows unless they are there; one database holds one size. */
export async function seedBoards(
  sql: Pool,
  runs: number,
  log: (line: string) => void,
): Promise<void> {
  const count = async () =>
    (await sql.query("SELECT count(*)::int AS n FROM board_entries WHERE metric = 'score'")).rows[0]
      .n;
  if ((await count()) === 2 * runs) return;
  log(`seeding ${runs} evaluated runs`);
  for (const statement of statements) {
    const takes: unknown[] = statement.includes('$1::int')
      ? [runs]
      : statement.includes('$1::text')
        ? [[...METRICS, ...SLICES]]
        : [];
    await sql.query(statement, takes);
  }
  same('entries', await count(), 2 * runs);
}
