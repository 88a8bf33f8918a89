-- CreateEnum
CREATE TYPE "build_phase" AS ENUM ('SELECTING', 'WRITING', 'COMPLETED', 'FAILED');

-- CreateEnum
CREATE TYPE "work_status" AS ENUM ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED');

-- CreateEnum
CREATE TYPE "finding_severity" AS ENUM ('ERROR', 'WARNING');

-- AlterEnum
ALTER TYPE "import_status" ADD VALUE 'CANCELLED';
ALTER TYPE "import_status" ADD VALUE 'INTERRUPTED';

-- DropIndex
DROP INDEX "traces_import_session_id_idx";

-- AlterTable
ALTER TABLE "evaluation_items" ADD COLUMN     "set_item_id" UUID,
ALTER COLUMN "trace_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "evaluations" ADD COLUMN     "evaluation_set_id" UUID,
ALTER COLUMN "split" DROP NOT NULL;

-- AlterTable
ALTER TABLE "import_sessions" ADD COLUMN     "cancel_requested_at" TIMESTAMPTZ(3),
ADD COLUMN     "epoch" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "key" VARCHAR(128),
ADD COLUMN     "options" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "position" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "rejected_by_code" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "total_bytes" BIGINT,
ADD COLUMN     "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "predictions" ADD COLUMN     "set_item_id" UUID,
ALTER COLUMN "trace_id" DROP NOT NULL,
ALTER COLUMN "split" DROP NOT NULL;

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "evaluation_set_id" UUID;

-- AlterTable: what is there gets its score by the formula of server/traces/score.ts.
ALTER TABLE "traces" ADD COLUMN     "baseline_score" DOUBLE PRECISION;
UPDATE "traces" SET "baseline_score" = (
  SELECT round((least(count(*) / 10.0, 1) * 50
                + least(avg(char_length(step ->> 'content')) / 500, 1) * 50)::numeric, 2)
  FROM jsonb_array_elements("payload" -> 'steps') AS step);
ALTER TABLE "traces" ALTER COLUMN "baseline_score" SET NOT NULL;

-- CreateTable
CREATE TABLE "trace_search" (
    "trace_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "document" tsvector NOT NULL,

    CONSTRAINT "trace_search_pkey" PRIMARY KEY ("trace_id")
);

-- CreateTable
CREATE TABLE "search_backlog" (
    "id" BIGSERIAL NOT NULL,
    "trace_ids" UUID[],

    CONSTRAINT "search_backlog_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_builds" (
    "key" VARCHAR(200) NOT NULL,
    "phase" "build_phase" NOT NULL DEFAULT 'SELECTING',
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "error" TEXT,
    "dataset_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_builds_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "dataset_checks" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "status" "work_status" NOT NULL DEFAULT 'PENDING',
    "settings" JSONB NOT NULL DEFAULT '{}',
    "summary" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "dataset_checks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "findings" (
    "id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "code" VARCHAR(64) NOT NULL,
    "severity" "finding_severity" NOT NULL,
    "position" INTEGER NOT NULL,
    "trace_id" UUID NOT NULL,
    "related_trace_id" UUID,
    "evaluation_item_id" UUID,
    "message" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "fingerprint" CHAR(64) NOT NULL,

    CONSTRAINT "findings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finding_waivers" (
    "dataset_id" UUID NOT NULL,
    "fingerprint" CHAR(64) NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "finding_waivers_pkey" PRIMARY KEY ("dataset_id","fingerprint")
);

-- CreateTable
CREATE TABLE "render_previews" (
    "id" UUID NOT NULL,
    "trace_id" UUID NOT NULL,
    "model_id" VARCHAR(256) NOT NULL,
    "max_tokens" INTEGER NOT NULL,
    "status" "work_status" NOT NULL DEFAULT 'PENDING',
    "result" JSONB,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "render_previews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation_sets" (
    "id" UUID NOT NULL,
    "key" VARCHAR(200) NOT NULL,
    "name" VARCHAR(128) NOT NULL,
    "version" VARCHAR(64) NOT NULL,
    "content_hash" CHAR(64) NOT NULL,
    "item_count" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evaluation_sets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation_set_items" (
    "id" UUID NOT NULL,
    "set_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "item_id" VARCHAR(128) NOT NULL,
    "prompt" TEXT NOT NULL,
    "expected_answer" TEXT NOT NULL,
    "alternatives" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "category" VARCHAR(64),
    "difficulty" VARCHAR(64),
    "section" VARCHAR(64),

    CONSTRAINT "evaluation_set_items_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "trace_search_created_at_trace_id_idx" ON "trace_search"("created_at" DESC, "trace_id" DESC);

-- CreateIndex
CREATE INDEX "trace_search_document_idx" ON "trace_search" USING GIN ("document");

-- CreateIndex
CREATE INDEX "dataset_builds_dataset_id_idx" ON "dataset_builds"("dataset_id");

-- CreateIndex
CREATE INDEX "dataset_checks_dataset_id_created_at_idx" ON "dataset_checks"("dataset_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "findings_check_id_code_position_id_idx" ON "findings"("check_id", "code", "position", "id");

-- CreateIndex
CREATE INDEX "findings_trace_id_idx" ON "findings"("trace_id");

-- CreateIndex
CREATE INDEX "findings_related_trace_id_idx" ON "findings"("related_trace_id");

-- CreateIndex
CREATE INDEX "findings_evaluation_item_id_idx" ON "findings"("evaluation_item_id");

-- CreateIndex
CREATE INDEX "render_previews_trace_id_model_id_max_tokens_created_at_idx" ON "render_previews"("trace_id", "model_id", "max_tokens", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_sets_key_key" ON "evaluation_sets"("key");

-- CreateIndex
CREATE INDEX "evaluation_sets_created_at_id_idx" ON "evaluation_sets"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_sets_name_version_key" ON "evaluation_sets"("name", "version");

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_set_items_set_id_position_key" ON "evaluation_set_items"("set_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_set_items_set_id_item_id_key" ON "evaluation_set_items"("set_id", "item_id");

-- CreateIndex
CREATE INDEX "evaluation_items_set_item_id_idx" ON "evaluation_items"("set_item_id");

-- CreateIndex
CREATE INDEX "evaluations_evaluation_set_id_judge_judge_version_status_sc_idx" ON "evaluations"("evaluation_set_id", "judge", "judge_version", "status", "score" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "import_sessions_key_key" ON "import_sessions"("key");

-- CreateIndex
CREATE INDEX "predictions_set_item_id_idx" ON "predictions"("set_item_id");

-- CreateIndex
CREATE UNIQUE INDEX "predictions_run_id_set_item_id_key" ON "predictions"("run_id", "set_item_id");

-- CreateIndex
CREATE INDEX "runs_evaluation_set_id_created_at_id_idx" ON "runs"("evaluation_set_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "traces_trace_version_created_at_id_idx" ON "traces"("trace_version", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "traces_import_session_id_created_at_id_idx" ON "traces"("import_session_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "traces_step_count_id_idx" ON "traces"("step_count", "id");

-- CreateIndex
CREATE INDEX "traces_total_chars_id_idx" ON "traces"("total_chars", "id");

-- CreateIndex
CREATE INDEX "traces_baseline_score_id_idx" ON "traces"("baseline_score", "id");

-- AddForeignKey
ALTER TABLE "trace_search" ADD CONSTRAINT "trace_search_trace_id_fkey" FOREIGN KEY ("trace_id") REFERENCES "traces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_builds" ADD CONSTRAINT "dataset_builds_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_checks" ADD CONSTRAINT "dataset_checks_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "findings" ADD CONSTRAINT "findings_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "dataset_checks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "findings" ADD CONSTRAINT "findings_trace_id_fkey" FOREIGN KEY ("trace_id") REFERENCES "traces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "findings" ADD CONSTRAINT "findings_related_trace_id_fkey" FOREIGN KEY ("related_trace_id") REFERENCES "traces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "findings" ADD CONSTRAINT "findings_evaluation_item_id_fkey" FOREIGN KEY ("evaluation_item_id") REFERENCES "evaluation_set_items"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finding_waivers" ADD CONSTRAINT "finding_waivers_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "render_previews" ADD CONSTRAINT "render_previews_trace_id_fkey" FOREIGN KEY ("trace_id") REFERENCES "traces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_set_items" ADD CONSTRAINT "evaluation_set_items_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "evaluation_sets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_evaluation_set_id_fkey" FOREIGN KEY ("evaluation_set_id") REFERENCES "evaluation_sets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_set_item_id_fkey" FOREIGN KEY ("set_item_id") REFERENCES "evaluation_set_items"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_evaluation_set_id_fkey" FOREIGN KEY ("evaluation_set_id") REFERENCES "evaluation_sets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_items" ADD CONSTRAINT "evaluation_items_set_item_id_fkey" FOREIGN KEY ("set_item_id") REFERENCES "evaluation_set_items"("id") ON DELETE RESTRICT ON UPDATE CASCADE;




-- What Prisma cannot say: rules the code must not be the only one to keep.

ALTER TABLE "traces"
  ADD CONSTRAINT "traces_baseline_score_range" CHECK ("baseline_score" BETWEEN 0 AND 100);

-- Equality on any key of meta, without reading the payloads.
CREATE INDEX "traces_meta_idx" ON "traces" USING GIN (("payload" -> 'meta') jsonb_path_ops);

-- Everything there is becomes searchable once the new server runs.
INSERT INTO "search_backlog" ("trace_ids")
SELECT array_agg("id") FROM (
  SELECT "id", row_number() OVER (ORDER BY "created_at", "id") / 500 AS part FROM "traces") AS there
GROUP BY part ORDER BY part;

ALTER TABLE "import_sessions"
  ADD CONSTRAINT "import_sessions_epoch" CHECK ("epoch" > 0),
  ADD CONSTRAINT "import_sessions_total" CHECK ("total_bytes" >= 0);

ALTER TABLE "dataset_builds"
  ADD CONSTRAINT "dataset_builds_counts" CHECK ("done" >= 0 AND "done" <= coalesce("total", "done"));

ALTER TABLE "findings"
  ADD CONSTRAINT "findings_fingerprint_hex" CHECK ("fingerprint" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "findings_position" CHECK ("position" >= 0);

ALTER TABLE "evaluation_sets"
  ADD CONSTRAINT "evaluation_sets_content_hash_hex" CHECK ("content_hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "evaluation_sets_count" CHECK ("item_count" > 0);

ALTER TABLE "evaluation_set_items" ADD CONSTRAINT "evaluation_set_items_position" CHECK ("position" >= 0);

-- A held-out item is a trace on a side of the dataset or an item of an evaluation set, never both.
ALTER TABLE "predictions"
  ADD CONSTRAINT "predictions_one_item" CHECK (
    ("trace_id" IS NULL) = ("split" IS NULL) AND ("trace_id" IS NULL) <> ("set_item_id" IS NULL));
ALTER TABLE "evaluations"
  ADD CONSTRAINT "evaluations_one_target" CHECK (("split" IS NULL) <> ("evaluation_set_id" IS NULL));
ALTER TABLE "evaluation_items"
  ADD CONSTRAINT "evaluation_items_one_item" CHECK (("trace_id" IS NULL) <> ("set_item_id" IS NULL));
