-- CreateEnum
CREATE TYPE "run_parent_kind" AS ENUM ('RETRY', 'RESUME', 'CLONE');

-- CreateEnum
CREATE TYPE "log_encoding" AS ENUM ('RAW', 'ZSTD');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "run_event_kind" ADD VALUE 'ATTEMPT_FAILED';
ALTER TYPE "run_event_kind" ADD VALUE 'PRIORITY_CHANGED';
ALTER TYPE "run_event_kind" ADD VALUE 'ARCHIVED';
ALTER TYPE "run_event_kind" ADD VALUE 'UNARCHIVED';

-- AlterTable
ALTER TABLE "artifacts" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "step" INTEGER;

-- AlterTable
ALTER TABLE "log_chunks" ADD COLUMN     "bytes" INTEGER,
ADD COLUMN     "encoding" "log_encoding" NOT NULL DEFAULT 'RAW',
ADD COLUMN     "lost_bytes" BIGINT,
ADD COLUMN     "lost_lines" BIGINT;

-- AlterTable
ALTER TABLE "run_attempts" ADD COLUMN     "fingerprint" JSONB,
ADD COLUMN     "first_log_seq" BIGINT NOT NULL DEFAULT 1,
ADD COLUMN     "open_line" TEXT,
ADD COLUMN     "open_stream" "log_stream";

-- AlterTable
ALTER TABLE "runners" ADD COLUMN     "draining_at" TIMESTAMPTZ(3),
ADD COLUMN     "resources" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "slots" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "version" VARCHAR(64);

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "archived_at" TIMESTAMPTZ(3),
ADD COLUMN     "failure_code" VARCHAR(64),
ADD COLUMN     "failure_detail" TEXT,
ADD COLUMN     "failure_signature" CHAR(16),
ADD COLUMN     "log_deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "parent_id" UUID,
ADD COLUMN     "parent_kind" "run_parent_kind",
ADD COLUMN     "request_hash" CHAR(64),
ADD COLUMN     "resume_step" INTEGER,
ADD COLUMN     "retry_on_failure" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "run_queues" (
    "key" VARCHAR(512) NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "reason" VARCHAR(512),

    CONSTRAINT "run_queues_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "artifacts_sha256_idx" ON "artifacts"("sha256");

-- CreateIndex
CREATE INDEX "runs_parent_id_idx" ON "runs"("parent_id");

-- CreateIndex
CREATE INDEX "runs_failure_code_failure_signature_created_at_idx" ON "runs"("failure_code", "failure_signature", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "runners" ALTER COLUMN "started_at" SET DEFAULT clock_timestamp(),
ALTER COLUMN "heartbeat_at" SET DEFAULT clock_timestamp();

-- AlterTable
ALTER TABLE "runs" ALTER COLUMN "queued_at" SET DEFAULT clock_timestamp();

-- By hand from here.

-- What is there was stored as it came.
UPDATE "log_chunks" SET "bytes" = octet_length("data");
ALTER TABLE "log_chunks" ALTER COLUMN "bytes" SET NOT NULL;

-- The writer compresses what is worth it; PostgreSQL would only try once more.
ALTER TABLE "log_chunks" ALTER COLUMN "data" SET STORAGE EXTERNAL;

UPDATE "run_attempts" attempt SET "first_log_seq" = 1 + coalesce(
  (SELECT max(chunk."last_seq") FROM "log_chunks" chunk
   WHERE chunk."run_id" = attempt."run_id" AND chunk."attempt" < attempt."epoch"), 0);

UPDATE "artifacts" SET "step" = substring("path" FROM '^checkpoints/(\d{1,9})/')::int
WHERE "kind" = 'CHECKPOINT';

-- What waits, by what a runner must offer for it, each part in the order in which it is served: the
-- first of a part is one step of the index, whatever waits behind it.
UPDATE "runs" SET "required_labels" = '{}' WHERE "required_labels" IS NULL;
ALTER TABLE "runs" ALTER COLUMN "required_labels" SET NOT NULL;

CREATE INDEX "runs_pending_idx"
ON "runs" ("mode", "required_labels", "priority" DESC, "queued_at", "id")
WHERE "status" = 'PENDING';

ALTER TABLE "runs" ADD CONSTRAINT "runs_parent_kind_check"
CHECK ("parent_kind" IS NOT NULL OR ("parent_id" IS NULL AND "resume_step" IS NULL));

ALTER TABLE "log_chunks" ADD CONSTRAINT "log_chunks_lost_check"
CHECK (("lost_bytes" IS NULL) = ("lost_lines" IS NULL));

ALTER TABLE "runners" ADD CONSTRAINT "runners_slots_check" CHECK ("slots" BETWEEN 1 AND 64);
