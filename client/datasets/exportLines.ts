/** The lines that fetch an export from elsewhere. `origin` is where this page came from. */
import type { Split } from '../gql/graphql.ts';
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

export const curlLine = (origin: string, of: Export): string =>
  shellLine(['curl', '--fail', '--output', fileName(of), origin + exportPath(of)]);

export const manifestLine = (origin: string, key: string): string =>
  shellLine(['curl', '--fail', '--remote-name', origin + serverPaths.exportManifest(key)]);

/** Reads the export with Hugging Face `datasets`; JSON strings are Python strings. */
export const pythonLine = (origin: string, of: Export): string =>
  [
    'from datasets import load_dataset',
    `load_dataset("json", split="train", data_files=${JSON.stringify(origin + exportPath(of))})`,
  ].join('\n');
