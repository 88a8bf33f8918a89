import { expect, it } from 'vitest';
import { comparedFiles, isSameFile } from './files.ts';

const file = (path: string, kind: string, sha256 = path, attempt = 1) => ({
  ...{ path, kind, sha256, attempt },
});

it('lays files side by side, the model first and checkpoints left out', () => {
  const first = [
    file('config.json', 'CONFIG'),
    file('checkpoints/10/state', 'CHECKPOINT'),
    file('export/model-10.safetensors', 'EXPORT'),
    file('export/model-9.safetensors', 'EXPORT'),
  ];
  const second = [file('data/train.jsonl', 'DATA'), file('config.json', 'CONFIG')];
  const rows = comparedFiles([first, second]);
  expect(
    rows.map(({ kind, path, files }) => [kind, path, files.map((one) => one !== null)]),
  ).toEqual([
    ['EXPORT', 'export/model-9.safetensors', [true, false]],
    ['EXPORT', 'export/model-10.safetensors', [true, false]],
    ['CONFIG', 'config.json', [true, true]],
    ['DATA', 'data/train.jsonl', [false, true]],
  ]);
});

it('compares what the newest attempt of each run wrote', () => {
  const [row] = comparedFiles([
    [
      file('predictions.jsonl', 'PREDICTIONS', 'b', 2),
      file('predictions.jsonl', 'PREDICTIONS', 'a', 1),
    ],
    [file('predictions.jsonl', 'PREDICTIONS', 'b', 1)],
  ]);
  expect(row?.files.map((one) => one?.attempt)).toEqual([2, 1]);
  expect(row && isSameFile(row)).toBe(true);
});

it.each([
  [['a', 'a'], true],
  [['a', 'b'], false],
  [['a', null], false],
  [[null, 'a'], false],
])('calls files of the digests %j the same: %j', (digests, isSame) => {
  const files = digests.map((sha256) => sha256 && file('config.json', 'CONFIG', sha256));
  const [row] = comparedFiles(files.map((one) => (one ? [one] : [])));
  expect(row && isSameFile(row)).toBe(isSame);
});
