import { describe, expect, it } from 'vitest';
import { curlLine, manifestLine, pythonLine } from './exportLines.ts';

const of = { key: 'math-v1.0', format: 'tunix_sft', split: 'TRAIN' } as const;
const OPEN = { origin: 'http://127.0.0.1:4000', authRequired: false };
const GUARDED = { ...OPEN, authRequired: true };
const URL = `${OPEN.origin}/export/datasets/math-v1.0.jsonl?format=tunix_sft&split=TRAIN`;

describe('lines to copy', () => {
  it('quotes the address for a shell and names the file by side and format', () => {
    expect(curlLine(OPEN, of)).toBe(
      `curl --fail --output math-v1.0.train.tunix_sft.jsonl '${URL}'`,
    );
    expect(curlLine(OPEN, { ...of, split: undefined })).not.toContain('split=');
    expect(manifestLine(OPEN, of.key)).toContain('/export/datasets/math-v1.0.manifest.json');
  });

  it('gives Python the address as a string', () => {
    expect(pythonLine(OPEN, of)).toContain(`data_files="${URL}"`);
  });

  it('show a key where people sign in', () => {
    for (const line of [curlLine(GUARDED, of), manifestLine(GUARDED, of.key)]) {
      expect(line).toMatch(/ \\\n {2}-H "authorization: Bearer \$TUNIX_RT_KEY"$/);
    }
    expect(pythonLine(GUARDED, of)).toMatch(
      /os\.environ\["TUNIX_RT_KEY"\][\s\S]*storage_options=\{"client_kwargs": \{"headers": key\}\}/,
    );
    for (const line of [curlLine(OPEN, of), manifestLine(OPEN, of.key), pythonLine(OPEN, of)]) {
      expect(line).not.toContain('TUNIX_RT_KEY');
    }
  });
});
