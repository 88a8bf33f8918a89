import {
  readStorage,
  retentionOf,
  STORAGE_KINDS,
  type StoragePart as StoragePartShape,
} from '../server/storage/read.ts';
import { builder } from './builder.ts';

const NAMES = {
  LOGS: 'Logs of runs',
  ARTIFACTS: 'Files of runs',
  CHECKPOINTS: 'Checkpoints',
  METRICS: 'Metric points',
  EVENTS: 'Events of runs',
  TRACES: 'Traces with their search',
  DATASETS: 'Datasets and their checks',
  EVALUATIONS: 'Predictions, evaluations and boards',
  AUDIT: 'Audit log',
  OTHER: 'Runs, accounts, queue and the database itself',
} as const;

const StorageKind = builder.enumType('StorageKind', {
  description: 'What is stored.',
  values: Object.fromEntries(
    STORAGE_KINDS.map((kind) => [kind, { description: `${NAMES[kind]}.` }]),
  ) as Record<(typeof STORAGE_KINDS)[number], { description: string }>,
});

const StoragePart = builder.objectRef<StoragePartShape>('StoragePart').implement({
  description: 'How much of one kind is stored, and for how long.',
  fields: (t) => ({
    kind: t.expose('kind', { type: StorageKind, description: 'What it is.' }),
    name: t.string({ description: 'The kind in words.', resolve: ({ kind }) => NAMES[kind] }),
    bytes: t.expose('bytes', {
      type: 'BigInt',
      description: 'Bytes, indexes included; of files each object once.',
    }),
    rows: t.expose('rows', {
      type: 'BigInt',
      description: 'Files, exactly; of the others about how many rows.',
    }),
    oldestAt: t.expose('oldestAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the oldest of it was made; null when there is none.',
    }),
    retentionDays: t.float({
      nullable: true,
      description:
        'Days after the end of a run for which it is kept; null when nothing deletes it.',
      resolve: ({ kind }, _args, { app }) => retentionOf(kind, app.config)?.days || null,
    }),
    setting: t.string({
      nullable: true,
      description: 'The setting that says how long it is kept, 0 for ever; null where none does.',
      resolve: ({ kind }, _args, { app }) => retentionOf(kind, app.config)?.setting ?? null,
    }),
  }),
});

const Storage = builder.objectRef<StoragePartShape[]>('Storage').implement({
  description: 'How much is stored, in the database and in the artifact store.',
  fields: (t) => ({
    totalBytes: t.field({
      type: 'BigInt',
      description: 'All parts together.',
      resolve: (parts) => parts.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
    parts: t.field({
      type: [StoragePart],
      description: 'Each kind, those with nothing in them included.',
      resolve: (parts) => parts,
    }),
  }),
});

builder.queryField('storage', (t) =>
  t.field({
    type: Storage,
    description: 'How much is stored of each kind, and which setting says how long it is kept.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => readStorage(app.sql),
  }),
);
