/** The lines that fetch an export from elsewhere, with a key where people sign in. */
import type { Split } from '../gql/graphql.ts';
import { curlKey, type Place } from '../lib/equivalents.ts';
import { shellLine } from '../lib/format.ts';
import { serverPaths } from '../paths.ts';

export type ExportFormat = 'trace' | 'tunix_sft' | 'training_example';

export const FORMATS: readonly (readonly [ExportFormat, name: string, what: string])[] = [
  ['trace', 'Traces', 'prompt, steps and answer, as they were imported'],
  ['tunix_sft', 'Tunix SFT', 'rendered prompts, ready for supervised training'],
  ['training_example', 'Pairs', 'prompt and response'],
];

export type Export = { key: string; format: ExportFormat; split: Split | undefined };

export const exportPath = ({ key, format, split }: Export): string =>
  serverPaths.exportDataset(key, { format, split });

const fileName = ({ key, format, split }: Export): string =>
  `${[key, split?.toLowerCase(), format].filter(Boolean).join('.')}.jsonl`;

export const curlLine = (place: Place, of: Export): string =>
  shellLine(['curl', '--fail', '--output', fileName(of), place.origin + exportPath(of)]) +
  curlKey(place);

export const manifestLine = (place: Place, key: string): string =>
  shellLine(['curl', '--fail', '--remote-name', place.origin + serverPaths.exportManifest(key)]) +
  curlKey(place);

/** Reads the export with Hugging Face `datasets`; JSON strings are Python strings. */
export function pythonLine({ origin, authRequired }: Place, of: Export): string {
  const url = JSON.stringify(origin + exportPath(of));
  if (!authRequired) {
    return `from datasets import load_dataset\nload_dataset("json", split="train", data_files=${url})`;
  }
  return [
    'import os',
    'from datasets import load_dataset',
    'key = {"Authorization": "Bearer " + os.environ["TUNIX_RT_KEY"]}',
    `load_dataset("json", split="train", data_files=${url},`,
    '             storage_options={"client_kwargs": {"headers": key}})',
  ].join('\n');
}
