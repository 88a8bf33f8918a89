-- AlterTable
ALTER TABLE "invitations" ADD COLUMN     "created_by_id" UUID;

-- CreateIndex
CREATE INDEX "invitations_created_by_id_idx" ON "invitations"("created_by_id");

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Who made those that may still be open: `ada@example.org`, or `key ci of ada@example.org`.
UPDATE "invitations" i SET "created_by_id" = u."id"
FROM "users" u
WHERE i."used_at" IS NULL AND i."revoked_at" IS NULL
  AND u."email" = regexp_replace(i."created_by", '^key .* of ', '');
