import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gunzip } from './gunzip.ts';

async function* pieces(bytes: Buffer, size = 1000, breaks?: Error) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  if (breaks) throw breaks;
}

async function read(source: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of gunzip(source)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const content = Buffer.from(Array.from({ length: 5000 }, (_, n) => `line ${n}\n`).join(''));

describe('gunzip', () => {
  test.for([1, 7, 1000, 1_000_000])('unpacks a stream in pieces of %i bytes', async (size) => {
    expect(await read(pieces(gzipSync(content), size))).toEqual(content);
  });

  test('unpacks members one after another', async () => {
    const packed = Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]);
    expect(String(await read(pieces(packed)))).toBe('one\ntwo\n');
  });

  test.for([
    ['that ends early', gzipSync(content).subarray(0, -20), 'TRUNCATED_GZIP'],
    ['that is none', Buffer.from('{"prompt": 1}'), 'BAD_GZIP'],
    ['that is damaged', Buffer.from(gzipSync(content)).fill(0xff, 200, 400), 'BAD_GZIP'],
  ] as const)('refuses a stream %s', async ([, bytes, code]) => {
    await expect(read(pieces(bytes))).rejects.toMatchObject({ name: 'GzipError', code });
  });

  test('stops unpacking what was made to exhaust it', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    let most = 0;
    const reading = (async () => {
      for await (const chunk of gunzip(pieces(bomb, 65_536))) most = Math.max(most, chunk.length);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'GZIP_RATIO' });
    expect(most).toBeLessThanOrEqual(64 * 1024);
  });

  test('passes on why its source broke', async () => {
    const broken = pieces(gzipSync(content).subarray(0, 3000), 1000, new Error('connection lost'));
    await expect(read(broken)).rejects.toThrow('connection lost');
  });
});
