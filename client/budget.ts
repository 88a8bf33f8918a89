/**
 * What the first visit of Home loads: the entry, Home and all they import, styles too.
 * Reads the manifest of the build; fails when it is more than it may be.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

type Chunk = { file: string; css?: string[]; imports?: string[]; isEntry?: boolean };
export type Manifest = Record<string, Chunk>;

/** Bytes after gzip. It may fall and must not rise. */
const LIMIT = 150_000;
const HOME = 'home/HomePage.tsx';

/** Files of the entry, and of Home where it is not part of that, each once. @throws Error without an entry. */
export function firstFiles(manifest: Manifest): string[] {
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry);
  const files = new Set<string>();
  const seen = new Set<string>();
  const visit = (key: string | undefined) => {
    const chunk = key === undefined ? undefined : manifest[key];
    if (key === undefined || !chunk) throw new Error(`No ${key ?? 'entry'} in the manifest`);
    if (seen.has(key)) return;
    seen.add(key);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const needed of chunk.imports ?? []) visit(needed);
  };
  visit(entry);
  if (manifest[HOME]) visit(HOME);
  return [...files];
}

function main(dist: string): void {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Manifest;
  const sizes = firstFiles(manifest)
    .map((file) => ({ file, bytes: gzipSync(readFileSync(join(dist, file))).length }))
    .toSorted((a, b) => b.bytes - a.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  process.stdout.write(
    `First page: ${total} bytes of ${LIMIT} after gzip, ${sizes.length} files\n`,
  );
  if (total <= LIMIT) return;
  for (const { file, bytes } of sizes.slice(0, 12)) process.stdout.write(`  ${bytes}  ${file}\n`);
  process.stdout.write('Load lazily what Home does not show, or find something smaller.\n');
  process.exitCode = 1;
}

if (import.meta.main) main(join(import.meta.dirname, 'dist'));
