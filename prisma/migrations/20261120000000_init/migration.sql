-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "import_status" AS ENUM ('RUNNING', 'COMPLETED', 'FAILED');

-- CreateEnum
CREATE TYPE "split" AS ENUM ('TRAIN', 'EVAL', 'TEST');

-- CreateEnum
CREATE TYPE "run_mode" AS ENUM ('DRY_RUN', 'LOCAL');

-- CreateEnum
CREATE TYPE "run_status" AS ENUM ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED');

-- CreateEnum
CREATE TYPE "cancel_mode" AS ENUM ('SAVE', 'NOW');

-- CreateEnum
CREATE TYPE "attempt_status" AS ENUM ('RUNNING', 'COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED', 'LOST', 'RELEASED');

-- CreateEnum
CREATE TYPE "run_event_kind" AS ENUM ('QUEUED', 'CLAIMED', 'STARTED', 'DATA_READY', 'RESTORED', 'PROGRESS', 'CHECKPOINT', 'PREDICTIONS', 'EXPORTED', 'ARTIFACTS', 'CANCEL_REQUESTED', 'ATTEMPT_LOST', 'ATTEMPT_RELEASED', 'COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED', 'EVALUATED');

-- CreateEnum
CREATE TYPE "log_stream" AS ENUM ('STDOUT', 'STDERR', 'SYSTEM');

-- CreateEnum
CREATE TYPE "artifact_kind" AS ENUM ('CONFIG', 'CHECKPOINT', 'EXPORT', 'PREDICTIONS', 'EVENTS', 'DATA', 'LOG', 'OTHER');

-- CreateEnum
CREATE TYPE "evaluation_status" AS ENUM ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED');

-- CreateEnum
CREATE TYPE "on_inconclusive" AS ENUM ('PASS', 'WARN', 'FAIL');

-- CreateEnum
CREATE TYPE "verdict" AS ENUM ('PASS', 'REGRESSED', 'INCONCLUSIVE', 'NOT_COMPARABLE');

-- CreateTable
CREATE TABLE "traces" (
    "id" UUID NOT NULL,
    "content_hash" CHAR(64) NOT NULL,
    "prompt_hash" CHAR(64) NOT NULL,
    "trace_version" VARCHAR(64) NOT NULL,
    "prompt_preview" TEXT NOT NULL,
    "answer_preview" TEXT NOT NULL,
    "step_count" INTEGER NOT NULL,
    "total_chars" INTEGER NOT NULL,
    "source" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "payload" JSONB NOT NULL,
    "import_session_id" UUID,
    "import_line" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "traces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scores" (
    "id" UUID NOT NULL,
    "trace_id" UUID NOT NULL,
    "criteria" VARCHAR(64) NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "details" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scores_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_sessions" (
    "id" UUID NOT NULL,
    "name" VARCHAR(256),
    "status" "import_status" NOT NULL DEFAULT 'RUNNING',
    "lines" INTEGER NOT NULL DEFAULT 0,
    "stored" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "report" JSONB NOT NULL DEFAULT '[]',
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "datasets" (
    "id" UUID NOT NULL,
    "key" VARCHAR(200) NOT NULL,
    "name" VARCHAR(128) NOT NULL,
    "version" VARCHAR(64) NOT NULL,
    "content_hash" CHAR(64) NOT NULL,
    "recipe" JSONB NOT NULL,
    "provenance" JSONB NOT NULL DEFAULT '{}',
    "stats" JSONB NOT NULL,
    "item_count" INTEGER NOT NULL,
    "train_count" INTEGER NOT NULL,
    "eval_count" INTEGER NOT NULL,
    "test_count" INTEGER NOT NULL,
    "parent_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_items" (
    "dataset_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "trace_id" UUID NOT NULL,
    "split" "split" NOT NULL,

    CONSTRAINT "dataset_items_pkey" PRIMARY KEY ("dataset_id","position")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "name" VARCHAR(128),
    "dataset_id" UUID NOT NULL,
    "model_id" VARCHAR(256) NOT NULL,
    "mode" "run_mode" NOT NULL,
    "status" "run_status" NOT NULL DEFAULT 'PENDING',
    "config" JSONB NOT NULL,
    "config_hash" CHAR(64) NOT NULL,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "priority" INTEGER NOT NULL DEFAULT 0,
    "required_labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "timeout_seconds" INTEGER NOT NULL,
    "max_attempts" INTEGER NOT NULL DEFAULT 3,
    "idempotency_key" VARCHAR(128),
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "failed_attempts" INTEGER NOT NULL DEFAULT 0,
    "last_event_seq" BIGINT NOT NULL DEFAULT 0,
    "last_log_seq" BIGINT NOT NULL DEFAULT 0,
    "last_metric_seq" BIGINT NOT NULL DEFAULT 0,
    "step" INTEGER,
    "total_steps" INTEGER,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "cancel_mode" "cancel_mode",
    "exit_code" INTEGER,
    "exit_signal" VARCHAR(16),
    "error" TEXT,
    "log_tail" TEXT,
    "version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_attempts" (
    "run_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "runner_id" UUID NOT NULL,
    "status" "attempt_status" NOT NULL DEFAULT 'RUNNING',
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "exit_code" INTEGER,
    "exit_signal" VARCHAR(16),
    "reason" TEXT,
    "runtime" JSONB,

    CONSTRAINT "run_attempts_pkey" PRIMARY KEY ("run_id","epoch")
);

-- CreateTable
CREATE TABLE "run_events" (
    "run_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" "run_event_kind" NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_events_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "log_chunks" (
    "run_id" UUID NOT NULL,
    "first_seq" BIGINT NOT NULL,
    "last_seq" BIGINT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "stream" "log_stream" NOT NULL,
    "data" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_chunks_pkey" PRIMARY KEY ("run_id","first_seq")
);

-- CreateTable
CREATE TABLE "metric_points" (
    "run_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "name" VARCHAR(64) NOT NULL,
    "step" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "metric_points_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" "artifact_kind" NOT NULL,
    "path" VARCHAR(1024) NOT NULL,
    "size" BIGINT NOT NULL,
    "sha256" CHAR(64) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "predictions" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "trace_id" UUID NOT NULL,
    "split" "split" NOT NULL,
    "expected" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "tokens" INTEGER,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "predictions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluations" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "split" "split" NOT NULL,
    "judge" VARCHAR(64) NOT NULL,
    "judge_version" INTEGER NOT NULL,
    "status" "evaluation_status" NOT NULL DEFAULT 'PENDING',
    "score" DOUBLE PRECISION,
    "item_count" INTEGER,
    "correct_count" INTEGER,
    "metrics" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "evaluations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation_items" (
    "evaluation_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "trace_id" UUID NOT NULL,
    "prediction_id" UUID,
    "correct" BOOLEAN NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "expected" TEXT NOT NULL,
    "extracted" TEXT,
    "rule" VARCHAR(64) NOT NULL,

    CONSTRAINT "evaluation_items_pkey" PRIMARY KEY ("evaluation_id","position")
);

-- CreateTable
CREATE TABLE "baselines" (
    "id" UUID NOT NULL,
    "name" VARCHAR(128) NOT NULL,
    "revision" INTEGER NOT NULL,
    "evaluation_id" UUID NOT NULL,
    "metric" VARCHAR(64) NOT NULL,
    "lower_is_better" BOOLEAN NOT NULL,
    "tolerance" DOUBLE PRECISION NOT NULL,
    "alpha" DOUBLE PRECISION NOT NULL,
    "on_inconclusive" "on_inconclusive" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "baselines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checks" (
    "id" UUID NOT NULL,
    "baseline_id" UUID NOT NULL,
    "evaluation_id" UUID NOT NULL,
    "verdict" "verdict" NOT NULL,
    "reasons" TEXT[],
    "test" VARCHAR(64) NOT NULL,
    "baseline_value" DOUBLE PRECISION,
    "candidate_value" DOUBLE PRECISION,
    "delta" DOUBLE PRECISION,
    "delta_percent" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runners" (
    "id" UUID NOT NULL,
    "name" VARCHAR(128) NOT NULL,
    "host" VARCHAR(255) NOT NULL,
    "pid" INTEGER NOT NULL,
    "labels" TEXT[],
    "runtime" JSONB NOT NULL DEFAULT '{}',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "runners_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "traces_content_hash_key" ON "traces"("content_hash");

-- CreateIndex
CREATE INDEX "traces_created_at_id_idx" ON "traces"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "traces_source_created_at_id_idx" ON "traces"("source", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "traces_tags_idx" ON "traces" USING GIN ("tags");

-- CreateIndex
CREATE INDEX "traces_import_session_id_idx" ON "traces"("import_session_id");

-- CreateIndex
CREATE INDEX "scores_trace_id_created_at_idx" ON "scores"("trace_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "import_sessions_created_at_id_idx" ON "import_sessions"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "datasets_key_key" ON "datasets"("key");

-- CreateIndex
CREATE INDEX "datasets_created_at_id_idx" ON "datasets"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "datasets_name_version_key" ON "datasets"("name", "version");

-- CreateIndex
CREATE INDEX "dataset_items_dataset_id_split_position_idx" ON "dataset_items"("dataset_id", "split", "position");

-- CreateIndex
CREATE INDEX "dataset_items_trace_id_idx" ON "dataset_items"("trace_id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_items_dataset_id_trace_id_key" ON "dataset_items"("dataset_id", "trace_id");

-- CreateIndex
CREATE UNIQUE INDEX "runs_number_key" ON "runs"("number");

-- CreateIndex
CREATE UNIQUE INDEX "runs_idempotency_key_key" ON "runs"("idempotency_key");

-- CreateIndex
CREATE INDEX "runs_created_at_id_idx" ON "runs"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_status_created_at_id_idx" ON "runs"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_dataset_id_created_at_id_idx" ON "runs"("dataset_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "run_attempts_status_lease_until_idx" ON "run_attempts"("status", "lease_until");

-- CreateIndex
CREATE INDEX "run_attempts_runner_id_started_at_idx" ON "run_attempts"("runner_id", "started_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "metric_points_run_id_name_step_attempt_key" ON "metric_points"("run_id", "name", "step", "attempt");

-- CreateIndex
CREATE UNIQUE INDEX "artifacts_run_id_attempt_path_key" ON "artifacts"("run_id", "attempt", "path");

-- CreateIndex
CREATE INDEX "predictions_trace_id_idx" ON "predictions"("trace_id");

-- CreateIndex
CREATE UNIQUE INDEX "predictions_run_id_split_trace_id_key" ON "predictions"("run_id", "split", "trace_id");

-- CreateIndex
CREATE INDEX "evaluations_run_id_created_at_idx" ON "evaluations"("run_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "evaluations_dataset_id_split_judge_judge_version_status_sco_idx" ON "evaluations"("dataset_id", "split", "judge", "judge_version", "status", "score" DESC);

-- CreateIndex
CREATE INDEX "evaluation_items_trace_id_idx" ON "evaluation_items"("trace_id");

-- CreateIndex
CREATE INDEX "evaluation_items_prediction_id_idx" ON "evaluation_items"("prediction_id");

-- CreateIndex
CREATE INDEX "baselines_evaluation_id_idx" ON "baselines"("evaluation_id");

-- CreateIndex
CREATE UNIQUE INDEX "baselines_name_revision_key" ON "baselines"("name", "revision");

-- CreateIndex
CREATE INDEX "checks_baseline_id_created_at_idx" ON "checks"("baseline_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "checks_evaluation_id_idx" ON "checks"("evaluation_id");

-- CreateIndex
CREATE INDEX "runners_heartbeat_at_idx" ON "runners"("heartbeat_at" DESC);

-- AddForeignKey
ALTER TABLE "traces" ADD CONSTRAINT "traces_import_session_id_fkey" FOREIGN KEY ("import_session_id") REFERENCES "import_sessions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scores" ADD CONSTRAINT "scores_trace_id_fkey" FOREIGN KEY ("trace_id") REFERENCES "traces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "datasets" ADD CONSTRAINT "datasets_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "datasets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_items" ADD CONSTRAINT "dataset_items_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_items" ADD CONSTRAINT "dataset_items_trace_id_fkey" FOREIGN KEY ("trace_id") REFERENCES "traces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_attempts" ADD CONSTRAINT "run_attempts_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_attempts" ADD CONSTRAINT "run_attempts_runner_id_fkey" FOREIGN KEY ("runner_id") REFERENCES "runners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_chunks" ADD CONSTRAINT "log_chunks_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric_points" ADD CONSTRAINT "metric_points_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_trace_id_fkey" FOREIGN KEY ("trace_id") REFERENCES "traces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_items" ADD CONSTRAINT "evaluation_items_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_items" ADD CONSTRAINT "evaluation_items_trace_id_fkey" FOREIGN KEY ("trace_id") REFERENCES "traces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_items" ADD CONSTRAINT "evaluation_items_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "predictions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "baselines" ADD CONSTRAINT "baselines_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checks" ADD CONSTRAINT "checks_baseline_id_fkey" FOREIGN KEY ("baseline_id") REFERENCES "baselines"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checks" ADD CONSTRAINT "checks_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluations"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What Prisma cannot say: rules the code must not be the only one to keep.

ALTER TABLE "traces"
  ADD CONSTRAINT "traces_content_hash_hex" CHECK ("content_hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "traces_prompt_hash_hex" CHECK ("prompt_hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "traces_step_count_range" CHECK ("step_count" BETWEEN 1 AND 1000),
  ADD CONSTRAINT "traces_payload_object" CHECK (jsonb_typeof("payload") = 'object');

ALTER TABLE "import_sessions"
  ADD CONSTRAINT "import_sessions_counts" CHECK (
    "stored" >= 0 AND "duplicates" >= 0 AND "rejected" >= 0
    AND "stored" + "duplicates" + "rejected" <= "lines" AND "bytes" >= 0);

ALTER TABLE "datasets"
  ADD CONSTRAINT "datasets_content_hash_hex" CHECK ("content_hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "datasets_counts" CHECK (
    "item_count" > 0 AND "train_count" >= 0 AND "eval_count" >= 0 AND "test_count" >= 0
    AND "train_count" + "eval_count" + "test_count" = "item_count");

ALTER TABLE "dataset_items"
  ADD CONSTRAINT "dataset_items_position" CHECK ("position" >= 0);

ALTER TABLE "runs"
  ADD CONSTRAINT "runs_config_hash_hex" CHECK ("config_hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "runs_limits" CHECK (
    "timeout_seconds" > 0 AND "max_attempts" > 0 AND "epoch" >= 0 AND "failed_attempts" >= 0
    AND "last_event_seq" >= 0 AND "last_log_seq" >= 0 AND "last_metric_seq" >= 0),
  ADD CONSTRAINT "runs_final_has_end" CHECK (
    ("status" IN ('PENDING', 'RUNNING')) = ("finished_at" IS NULL)),
  ADD CONSTRAINT "runs_running_has_attempt" CHECK ("status" <> 'RUNNING' OR "epoch" > 0),
  ADD CONSTRAINT "runs_cancel_mode" CHECK (
    ("cancel_requested_at" IS NULL) = ("cancel_mode" IS NULL));

ALTER TABLE "run_attempts"
  ADD CONSTRAINT "run_attempts_epoch" CHECK ("epoch" > 0),
  ADD CONSTRAINT "run_attempts_end" CHECK (("status" = 'RUNNING') = ("ended_at" IS NULL));

-- One live lease per run.
CREATE UNIQUE INDEX "run_attempts_one_live" ON "run_attempts" ("run_id") WHERE "status" = 'RUNNING';

ALTER TABLE "run_events" ADD CONSTRAINT "run_events_seq" CHECK ("seq" > 0);

ALTER TABLE "log_chunks"
  ADD CONSTRAINT "log_chunks_seq" CHECK ("first_seq" > 0 AND "last_seq" >= "first_seq"),
  ADD CONSTRAINT "log_chunks_not_empty" CHECK (octet_length("data") > 0);

ALTER TABLE "metric_points" ADD CONSTRAINT "metric_points_step" CHECK ("step" >= 0 AND "seq" > 0);

ALTER TABLE "artifacts"
  ADD CONSTRAINT "artifacts_sha256_hex" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "artifacts_size" CHECK ("size" >= 0),
  ADD CONSTRAINT "artifacts_path" CHECK ("path" <> '' AND "path" !~ '(^/|(^|/)\.\.(/|$))');

ALTER TABLE "evaluations"
  ADD CONSTRAINT "evaluations_score" CHECK ("score" BETWEEN 0 AND 100),
  ADD CONSTRAINT "evaluations_complete" CHECK (
    "status" <> 'COMPLETED'
    OR ("score" IS NOT NULL AND "item_count" > 0 AND "correct_count" BETWEEN 0 AND "item_count"
        AND "finished_at" IS NOT NULL));

ALTER TABLE "evaluation_items"
  ADD CONSTRAINT "evaluation_items_score" CHECK ("score" BETWEEN 0 AND 1);

ALTER TABLE "baselines"
  ADD CONSTRAINT "baselines_limits" CHECK (
    "revision" > 0 AND "tolerance" >= 0 AND "tolerance" <= 100 AND "alpha" > 0 AND "alpha" < 1);

-- lz4 reads and writes large payloads faster than pglz (2.5x at 16 KB); a server built without it
-- keeps the default.
DO $$
BEGIN
  ALTER TABLE "traces" ALTER COLUMN "payload" SET COMPRESSION lz4;
  ALTER TABLE "log_chunks" ALTER COLUMN "data" SET COMPRESSION lz4;
  ALTER TABLE "runs" ALTER COLUMN "config" SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  RAISE NOTICE 'lz4 is not available here: payloads are compressed with pglz';
END $$;
