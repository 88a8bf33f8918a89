/** Words of the import form of an evaluation set. */
import { issuesByField, type Problem, problemText } from '../lib/problem.ts';

export const SAMPLE = JSON.stringify({
  id: 'add-1',
  prompt: 'What is 17 + 25?',
  expected_answer: '42',
  category: 'addition',
  difficulty: 'easy',
  section: 'core',
});

/** A name of letters, digits and `. _ -` from the name of a file. */
export const nameOfFile = (file: string): string =>
  file
    .replace(/\.(jsonl?|ndjson)$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 128);

/** What the server refuses, by field; a taken key is about the version. */
export const placeProblem = (problem: Problem) =>
  problem.__typename === 'ConflictError'
    ? { byField: { version: problemText(problem) }, rest: [] }
    : issuesByField(problem, ['name', 'version']);
