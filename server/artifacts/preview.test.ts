import type { App } from '../app.ts';
import { makeArtifact } from '../test/makeArtifact.ts';
import { describe, expect, test } from '../test/test.ts';
import { mediaTypeOf } from './mediaType.ts';
import { openPicture, readPreview } from './preview.ts';

const previewOf = async (app: App, path: string, content: string | Buffer) =>
  readPreview(app, (await makeArtifact(app, path, content)).artifact);

describe('the preview of an artifact', () => {
  test('is the text, JSON indented', async ({ app }) => {
    expect(await previewOf(app, 'config.json', '{"a":[1]}')).toEqual({
      kind: 'TEXT',
      text: '{\n  "a": [\n    1\n  ]\n}',
      truncated: false,
      mediaType: 'application/json',
    });
    expect(await previewOf(app, 'notes', 'line 1\nline 2')).toMatchObject({
      text: 'line 1\nline 2',
      mediaType: 'application/octet-stream',
    });
    expect(await previewOf(app, 'broken.json', '{"a":')).toMatchObject({ text: '{"a":' });
    expect(await previewOf(app, 'empty.txt', '')).toMatchObject({ text: '', truncated: false });
  });

  test('is the first 64 KB of a longer text, without half a character', async ({ app }) => {
    // 65536 is no multiple of 3: the cut is inside a character.
    const preview = await previewOf(app, 'long.jsonl', '€'.repeat(30_000));
    expect(preview).toMatchObject({ truncated: true, text: '€'.repeat(21_845) });
  });

  test('shows bytes that are no UTF-8 as U+FFFD', async ({ app }) => {
    const bytes = Buffer.from([0x61, 0xff, 0x62]);
    expect(await previewOf(app, 'a.txt', bytes)).toMatchObject({ text: 'a\uFFFDb' });
  });

  test('is a picture by its bytes', async ({ app }) => {
    const { artifact } = await makeArtifact(app, 'curve.bin', Buffer.from('GIF89a 0000\0'));
    expect(await readPreview(app, artifact)).toEqual({ kind: 'PICTURE', mediaType: 'image/gif' });
    const picture = await openPicture(app, artifact);
    picture?.body.destroy();
    expect(picture?.mediaType).toBe('image/gif');
  });

  test('is missing for other binary files and for what was given up', async ({ app }) => {
    expect(await previewOf(app, 'model.safetensors', Buffer.from('\x08\0\0\0'))).toBeNull();
    const { artifact } = await makeArtifact(app, 'a.txt', 'text');
    const given = { ...artifact, deletedAt: new Date() };
    expect(await readPreview(app, given)).toBeNull();
    expect(await readPreview(app, { ...given, size: 0n })).toBeNull();
  });
});

describe('mediaTypeOf', () => {
  test.for([
    ['config.json', 'application/json'],
    ['export/README.MD', 'text/markdown'],
    ['predictions-40.jsonl', 'application/jsonl'],
    ['model.safetensors', 'application/octet-stream'],
    ['checkpoints/10/_METADATA', 'application/octet-stream'],
  ] as const)('of %s is %s', ([path, type]) => {
    expect(mediaTypeOf(path)).toBe(type);
  });
});
