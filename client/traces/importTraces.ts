/** The one route that takes traces in bulk; notebooks and the command line use it too. */
import { serverPaths } from '../paths.ts';

type ImportIssueLine = {
  line: number;
  code: string;
  message: string;
  path?: (string | number)[];
};

export type ImportResult = {
  importId: string;
  status: string;
  lines: number;
  stored: number;
  duplicates: number;
  rejected: number;
  report: ImportIssueLine[];
};

export const SAMPLE_LINE = JSON.stringify({
  trace_version: '1',
  prompt: 'What is 17 + 25?',
  steps: [
    { i: 0, type: 'split', content: '17 + 25 = 17 + 20 + 5' },
    { i: 1, type: 'add', content: '17 + 20 = 37, 37 + 5 = 42' },
  ],
  final_answer: '42',
  meta: { category: 'addition' },
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isResult = (value: unknown): value is ImportResult =>
  isObject(value) && typeof value.importId === 'string' && Array.isArray(value.report);

/** Answers the report, or throws a sentence. */
export async function importTraces(
  body: Blob | string,
  about: { name: string; source?: string; tag?: string },
): Promise<ImportResult> {
  const response = await fetch(serverPaths.importTraces(about), {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  }).catch(() => {
    throw new Error('The server does not answer.');
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (isResult(answer)) return answer;
  const error = isObject(answer) && isObject(answer.error) ? answer.error : {};
  const message = typeof error.message === 'string' ? error.message : '';
  throw new Error(message || `The import was refused (HTTP ${response.status}).`);
}
