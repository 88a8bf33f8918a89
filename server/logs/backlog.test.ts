import fs from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBacklog } from './backlog.ts';
import { type Disk, openSpool, type Piece } from './spool.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-spool-'));
});
afterAll(() => rm(dir, { recursive: true }));

const piece = (text: string): Piece => ({
  ...{ stream: 'STDOUT', bytes: Buffer.from(text), lines: 1, lost: null },
});
const drain = (backlog: ReturnType<typeof openBacklog>, max = 10): string[] => {
  const texts: string[] = [];
  while (!backlog.isEmpty) texts.push(...backlog.take(max).map(({ bytes }) => String(bytes)));
  return texts;
};
/** A backlog with 20 bytes of memory. */
const open = (most: number, disk?: Disk) => {
  const backlog = openBacklog(20, openSpool(join(dir, 'runs', 'spool'), most, disk));
  const add = (from: number, to: number, isAway: boolean) => {
    for (let i = from; i < to; i++) backlog.add(piece(`line ${i}\n`), !isAway);
  };
  return { backlog, add };
};
const linesFrom = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`);

describe('a backlog', () => {
  test('gives back what it took in order, from memory and from the spool', () => {
    const { backlog, add } = open(10_000);
    add(0, 100, true);
    expect(backlog.isFull).toBe(true);
    const first = backlog.take(10).map(({ bytes }) => String(bytes));
    add(100, 200, true);
    expect([...first, ...drain(backlog)]).toEqual(linesFrom(0, 200));
    expect(backlog.isFull).toBe(false);
    add(200, 202, false);
    expect(drain(backlog)).toEqual(linesFrom(200, 202));
  });

  test('leaves no file behind, not even while it is in use', async () => {
    const { backlog, add } = open(10_000);
    add(0, 100, true);
    expect(await readdir(join(dir, 'runs'))).toEqual([]);
    backlog.close();
    expect(backlog.isEmpty).toBe(true);
  });

  test('marks once, where it is, what the spool had no room for', () => {
    const { backlog, add } = open(200);
    add(0, 100, true);
    const before = backlog.take(1000);
    add(100, 110, true);
    const marks: Piece[] = [];
    const texts = before.map(({ bytes }) => String(bytes));
    while (!backlog.isEmpty) {
      for (const each of backlog.take(10)) {
        if (each.lost) marks.push(each);
        else texts.push(String(each.bytes));
      }
    }
    expect(texts).toEqual(linesFrom(0, texts.length));
    const lost = linesFrom(texts.length, 110);
    expect(marks.map((mark) => mark.lost)).toEqual([
      { bytes: lost.join('').length, lines: lost.length },
    ]);
    expect(marks[0]).toMatchObject({ stream: 'SYSTEM', lines: 1 });
    expect(String(marks[0]?.bytes)).toContain(`${lost.join('').length} bytes were lost here`);
    add(110, 112, false);
    expect(drain(backlog)).toEqual(linesFrom(110, 112));
  });

  test('counts as lost what a full disk does not take, and goes on when there is room', () => {
    let room = 150;
    const disk: Disk = {
      ...fs,
      writeSync: ((file: number, bytes: Buffer, offset: number, length: number, at: number) => {
        if (room < length) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        room -= length;
        return fs.writeSync(file, bytes, offset, length, at);
      }) as typeof fs.writeSync,
    };
    const { backlog, add } = open(10_000, disk);
    add(0, 50, true);
    const texts = drain(backlog);
    expect(texts.at(-1)).toContain('bytes were lost here');
    expect(texts.slice(0, -1)).toEqual(linesFrom(0, texts.length - 1));
    room = 10_000;
    add(50, 100, true);
    expect(drain(backlog)).toEqual(linesFrom(50, 100));
  });

  test('counts as lost all that comes where no file can be made', () => {
    const disk: Disk = {
      ...fs,
      openSync: () => {
        throw Object.assign(new Error('read only'), { code: 'EROFS' });
      },
    };
    const { backlog, add } = open(10_000, disk);
    add(0, 50, true);
    expect(drain(backlog).filter((text) => text.includes('lost here'))).toHaveLength(1);
  });
});
