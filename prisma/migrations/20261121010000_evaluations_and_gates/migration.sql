-- CreateEnum
CREATE TYPE "board_pick" AS ENUM ('LATEST', 'BEST');

-- AlterEnum
ALTER TYPE "evaluation_status" ADD VALUE 'CANCELLED';

-- AlterEnum
ALTER TYPE "run_mode" ADD VALUE 'EXTERNAL';

-- DropIndex
DROP INDEX "predictions_run_id_set_item_id_key";

-- DropIndex
DROP INDEX "predictions_run_id_split_trace_id_key";

-- AlterTable
ALTER TABLE "baselines" ADD COLUMN     "floors" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "min_items" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "note" VARCHAR(1000),
ADD COLUMN     "required_judge" VARCHAR(80),
ADD COLUMN     "set_by" VARCHAR(128);

-- AlterTable
ALTER TABLE "checks" ADD COLUMN     "better_count" INTEGER,
ADD COLUMN     "interval_high" DOUBLE PRECISION,
ADD COLUMN     "interval_low" DOUBLE PRECISION,
ADD COLUMN     "item_count" INTEGER,
ADD COLUMN     "min_detectable" DOUBLE PRECISION,
ADD COLUMN     "outcome" "on_inconclusive" NOT NULL DEFAULT 'WARN',
ADD COLUMN     "p_value" DOUBLE PRECISION,
ADD COLUMN     "policy" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "resamples" INTEGER,
ADD COLUMN     "seed" INTEGER,
ADD COLUMN     "slices" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "worse_count" INTEGER;

-- AlterTable
ALTER TABLE "evaluation_items" ADD COLUMN     "details" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "error" TEXT;

-- AlterTable
ALTER TABLE "evaluations" ADD COLUMN     "cancel_requested_at" TIMESTAMPTZ(3),
ADD COLUMN     "failed_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "judged_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "step" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "usage" JSONB NOT NULL DEFAULT '{}',
ALTER COLUMN "dataset_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "predictions" ADD COLUMN     "step" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "reproduces_id" UUID,
ALTER COLUMN "dataset_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "boards" (
    "id" SERIAL NOT NULL,
    "target_hash" CHAR(64) NOT NULL,
    "dataset_id" UUID,
    "split" "split",
    "evaluation_set_id" UUID,
    "judge" VARCHAR(64) NOT NULL,
    "judge_version" INTEGER NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "boards_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "board_entries" (
    "board_id" INTEGER NOT NULL,
    "metric" VARCHAR(64) NOT NULL,
    "pick" "board_pick" NOT NULL,
    "run_id" UUID NOT NULL,
    "evaluation_id" UUID NOT NULL,
    "model_id" VARCHAR(256) NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "correct" INTEGER NOT NULL,
    "items" INTEGER NOT NULL,
    "evaluated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "board_entries_pkey" PRIMARY KEY ("board_id","metric","pick","run_id")
);

-- CreateTable
CREATE TABLE "board_values" (
    "board_id" INTEGER NOT NULL,
    "metric" VARCHAR(64) NOT NULL,
    "pick" "board_pick" NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "runs" INTEGER NOT NULL,

    CONSTRAINT "board_values_pkey" PRIMARY KEY ("board_id","metric","pick","value")
);

-- CreateIndex
CREATE UNIQUE INDEX "boards_target_hash_judge_judge_version_key" ON "boards"("target_hash", "judge", "judge_version");

-- CreateIndex
CREATE INDEX "board_entries_board_id_metric_pick_value_run_id_idx" ON "board_entries"("board_id", "metric", "pick", "value" DESC, "run_id" DESC);

-- CreateIndex
CREATE INDEX "board_entries_board_id_metric_pick_model_id_value_run_id_idx" ON "board_entries"("board_id", "metric", "pick", "model_id", "value" DESC, "run_id" DESC);

-- CreateIndex
CREATE INDEX "board_entries_board_id_version_idx" ON "board_entries"("board_id", "version");

-- CreateIndex
CREATE INDEX "board_entries_run_id_idx" ON "board_entries"("run_id");

-- CreateIndex
CREATE INDEX "board_entries_evaluation_id_idx" ON "board_entries"("evaluation_id");

-- CreateIndex
CREATE UNIQUE INDEX "predictions_run_id_step_split_trace_id_key" ON "predictions"("run_id", "step", "split", "trace_id");

-- CreateIndex
CREATE UNIQUE INDEX "predictions_run_id_step_set_item_id_key" ON "predictions"("run_id", "step", "set_item_id");

-- CreateIndex
CREATE INDEX "runs_reproduces_id_idx" ON "runs"("reproduces_id");

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_reproduces_id_fkey" FOREIGN KEY ("reproduces_id") REFERENCES "runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "board_entries" ADD CONSTRAINT "board_entries_board_id_fkey" FOREIGN KEY ("board_id") REFERENCES "boards"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "board_entries" ADD CONSTRAINT "board_entries_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "board_entries" ADD CONSTRAINT "board_entries_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "board_values" ADD CONSTRAINT "board_values_board_id_fkey" FOREIGN KEY ("board_id") REFERENCES "boards"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say: rules the code must not be the only one to keep.

-- Only a run that was trained elsewhere may lack a dataset.
ALTER TABLE "runs" ADD CONSTRAINT "runs_dataset" CHECK ("dataset_id" IS NOT NULL OR "mode"::text = 'EXTERNAL');
ALTER TABLE "evaluations"
  ADD CONSTRAINT "evaluations_dataset" CHECK ("dataset_id" IS NOT NULL OR "evaluation_set_id" IS NOT NULL),
  ADD CONSTRAINT "evaluations_progress" CHECK (
    "step" >= 0 AND "judged_count" >= 0 AND "failed_count" BETWEEN 0 AND "judged_count");
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_step" CHECK ("step" >= 0);
ALTER TABLE "baselines" ADD CONSTRAINT "baselines_min_items" CHECK ("min_items" >= 0);
ALTER TABLE "checks" ADD CONSTRAINT "checks_p_value" CHECK ("p_value" BETWEEN 0 AND 1);
ALTER TABLE "boards"
  ADD CONSTRAINT "boards_target_hash_hex" CHECK ("target_hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "boards_one_target" CHECK (("split" IS NULL) <> ("evaluation_set_id" IS NULL));
ALTER TABLE "board_entries"
  ADD CONSTRAINT "board_entries_counts" CHECK ("items" > 0 AND "correct" BETWEEN 0 AND "items");
ALTER TABLE "board_values" ADD CONSTRAINT "board_values_runs" CHECK ("runs" >= 0);

-- The boards of what was judged before there were any: what `placeOnBoards` would have written.
-- Older evaluations have no settings and judged the final model.
CREATE TEMPORARY TABLE "placed" ON COMMIT DROP AS
SELECT e.*, r."model_id", COALESCE(s."created_at", d."created_at") AS "target_created_at",
  encode(sha256(convert_to(CASE WHEN s."id" IS NULL
    THEN '{"dataset":"' || d."content_hash" || '","settings":{},"split":"' || e."split" || '"}'
    ELSE '{"evaluationSet":"' || s."content_hash" || '","settings":{}}' END, 'UTF8')), 'hex') AS "target_hash"
FROM "evaluations" e
JOIN "runs" r ON r."id" = e."run_id"
LEFT JOIN "datasets" d ON d."id" = e."dataset_id"
LEFT JOIN "evaluation_sets" s ON s."id" = e."evaluation_set_id"
WHERE e."status" = 'COMPLETED' AND e."item_count" > 0;

INSERT INTO "boards" ("target_hash", "dataset_id", "split", "evaluation_set_id", "judge", "judge_version", "version")
SELECT * FROM (
  SELECT DISTINCT ON ("target_hash", "judge", "judge_version") "target_hash",
    CASE WHEN "evaluation_set_id" IS NULL THEN "dataset_id" END, "split", "evaluation_set_id", "judge", "judge_version", 1
  FROM "placed" ORDER BY "target_hash", "judge", "judge_version", "created_at"
) board
ORDER BY (SELECT min(p."target_created_at") FROM "placed" p WHERE p."target_hash" = board."target_hash"), "judge_version";

INSERT INTO "board_entries" ("board_id", "metric", "pick", "run_id", "evaluation_id", "model_id", "value", "correct", "items", "evaluated_at", "version")
SELECT DISTINCT ON (b."id", m."key", pick."pick", p."run_id")
  b."id", m."key", pick."pick", p."run_id", p."id", p."model_id", m."value"::float8,
  CASE WHEN m."key" LIKE '%/%' THEN (p."metrics"->>regexp_replace(m."key", 'accuracy$', 'correct'))::int ELSE p."correct_count" END,
  CASE WHEN m."key" LIKE '%/%' THEN (p."metrics"->>regexp_replace(m."key", 'accuracy$', 'items'))::int ELSE p."item_count" END,
  COALESCE(p."finished_at", p."created_at"), 1
FROM "placed" p
JOIN "boards" b USING ("target_hash", "judge", "judge_version")
CROSS JOIN unnest(ARRAY['LATEST', 'BEST']::"board_pick"[]) AS pick("pick")
CROSS JOIN LATERAL jsonb_each_text(p."metrics") AS m("key", "value")
WHERE m."key" IN ('score', 'primary_score', 'accuracy')
  OR (m."key" ~ '^(section|category|difficulty)/.+/accuracy$' AND length(m."key") <= 64)
ORDER BY b."id", m."key", pick."pick", p."run_id",
  CASE WHEN pick."pick" = 'BEST' THEN m."value"::float8 END DESC, p."created_at" DESC, p."id" DESC;

INSERT INTO "board_values" ("board_id", "metric", "pick", "value", "runs")
SELECT "board_id", "metric", "pick", "value", count(*) FROM "board_entries" GROUP BY 1, 2, 3, 4;

-- Whoever writes or removes an entry, also by a cascade, the numbers of runs stay right.
CREATE FUNCTION "count_board_values"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE "board_values" SET "runs" = "runs" - 1
    WHERE "board_id" = OLD."board_id" AND "metric" = OLD."metric" AND "pick" = OLD."pick" AND "value" = OLD."value";
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO "board_values" AS v ("board_id", "metric", "pick", "value", "runs")
    VALUES (NEW."board_id", NEW."metric", NEW."pick", NEW."value", 1)
    ON CONFLICT ("board_id", "metric", "pick", "value") DO UPDATE SET "runs" = v."runs" + 1;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "board_entries_count" AFTER INSERT OR UPDATE OF "value" OR DELETE ON "board_entries"
  FOR EACH ROW EXECUTE FUNCTION "count_board_values"();
