-- By the clock of the database and at the moment of writing: not by that of the process that writes, and not
-- by the start of its transaction. Whoever waits for the row of a run and then writes its next event writes
-- a later time.
ALTER TABLE "artifacts" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "baselines" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "checks" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "evaluation_sets" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "evaluations" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "finding_waivers" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "render_previews" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "run_attempts" ALTER COLUMN "started_at" SET DEFAULT clock_timestamp();
ALTER TABLE "run_events" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
ALTER TABLE "runs" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp();
