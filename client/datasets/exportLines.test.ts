import { describe, expect, it } from 'vitest';
import { curlLine, manifestLine, pythonLine } from './exportLines.ts';

const of = { key: 'math-v1.0', format: 'tunix_sft', split: 'TRAIN' } as const;
const ORIGIN = 'http://127.0.0.1:4000';
const URL = `${ORIGIN}/export/datasets/math-v1.0.jsonl?format=tunix_sft&split=TRAIN`;

describe('lines to copy', () => {
  it('quotes the address for a shell and names the file by side and format', () => {
    expect(curlLine(ORIGIN, of)).toBe(
      `curl --fail --output math-v1.0.train.tunix_sft.jsonl '${URL}'`,
    );
    expect(curlLine(ORIGIN, { ...of, split: undefined })).not.toContain('split=');
    expect(manifestLine(ORIGIN, of.key)).toContain('/export/datasets/math-v1.0.manifest.json');
  });

  it('gives Python the address as a string', () => {
    expect(pythonLine(ORIGIN, of)).toContain(`data_files="${URL}"`);
  });
});
