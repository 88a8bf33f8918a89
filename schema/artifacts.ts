import type { ArtifactKind as ArtifactKindValue } from '../prisma/generated/client/enums.ts';
import { type CheckpointRow, listCheckpoints } from '../server/artifacts/checkpoints.ts';
import { mediaTypeOf } from '../server/artifacts/mediaType.ts';
import { type Preview, readPreview } from '../server/artifacts/preview.ts';
import {
  listTrainedModels,
  type TrainedModel as ModelShape,
} from '../server/artifacts/trainedModels.ts';
import { builder } from './builder.ts';
import { globalId } from './ids.ts';

const ArtifactKind = builder.enumType('ArtifactKind', {
  description: 'What a file is.',
  values: {
    CONFIG: { description: 'The config Tunix was given.' },
    CHECKPOINT: { description: 'Part of a checkpoint.' },
    EXPORT: { description: 'Part of the trained model, loadable by transformers.' },
    PREDICTIONS: { description: 'Outputs on the held-out items.' },
    EVENTS: { description: 'What the trainer reported.' },
    DATA: { description: 'What was trained and judged on; listed once for all attempts.' },
    LOG: { description: 'A log file of its own; what it printed is read with runLogs.' },
    OTHER: { description: 'Anything else.' },
  } satisfies Record<ArtifactKindValue, object>,
});

type Shown<K extends Preview['kind']> = Extract<Preview, { kind: K }> & { url: string };

const TextPreview = builder.objectRef<Shown<'TEXT'>>('TextPreview').implement({
  description: 'The beginning of a text.',
  fields: (t) => ({
    text: t.exposeString('text', {
      description:
        'At most its first 64 KB, as UTF-8 with U+FFFD for what is none; JSON indented when whole.',
    }),
    truncated: t.exposeBoolean('truncated', { description: 'Whether there is more.' }),
    mediaType: t.exposeString('mediaType', { description: 'What its name says it is.' }),
  }),
});

const ImagePreview = builder.objectRef<Shown<'PICTURE'>>('ImagePreview').implement({
  description: 'A PNG, JPEG, GIF or WebP picture of at most 10 MB, known by its first bytes.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Where a page gets it to show it.' }),
    mediaType: t.exposeString('mediaType', { description: 'What its bytes say it is.' }),
  }),
});

const ArtifactPreview = builder.unionType('ArtifactPreview', {
  description: 'What a page can show of a file without downloading it.',
  types: [TextPreview, ImagePreview],
  resolveType: ({ kind }) => (kind === 'TEXT' ? TextPreview : ImagePreview),
});

const urlOf = (id: string) => `/artifacts/${globalId('Artifact', id)}`;

builder.prismaNode('Artifact', {
  id: { field: 'id' },
  nullable: true,
  description: 'One file a run left behind.',
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The attempt that wrote it.' }),
    kind: t.expose('kind', { type: ArtifactKind, description: 'What it is.' }),
    path: t.exposeString('path', { description: 'Its place in the folder of the attempt.' }),
    step: t.exposeInt('step', {
      nullable: true,
      description: 'The update its checkpoint belongs to; null for other kinds.',
    }),
    size: t.expose('size', { type: 'BigInt', description: 'Bytes.' }),
    sha256: t.expose('sha256', { type: 'SHA256', description: 'Digest of its bytes.' }),
    mediaType: t.string({
      description: 'What its name says it is; downloads are sent as plain bytes all the same.',
      select: { path: true },
      resolve: ({ path }) => mediaTypeOf(path),
    }),
    url: t.string({
      description: 'Where to download it, with ranges and `If-None-Match`.',
      resolve: ({ id }) => urlOf(id),
    }),
    available: t.boolean({
      description: 'Whether its bytes are kept; they are given up for newer ones or by age.',
      select: { deletedAt: true },
      resolve: ({ deletedAt }) => deletedAt === null,
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its bytes were given up.',
    }),
    preview: t.field({
      type: ArtifactPreview,
      nullable: true,
      description: 'What can be shown of it; null for other binary files and for what is gone.',
      complexity: 10,
      select: {
        id: true,
        runId: true,
        attempt: true,
        path: true,
        sha256: true,
        size: true,
        deletedAt: true,
      },
      resolve: async (artifact, _args, { app }) => {
        const preview = await readPreview(app, artifact);
        return preview && { ...preview, url: `${urlOf(artifact.id)}/preview` };
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was listed.' }),
  }),
});

const Checkpoint = builder.objectRef<CheckpointRow>('Checkpoint').implement({
  description: 'A state of a training in the artifact store, from which any runner can go on.',
  fields: (t) => ({
    step: t.exposeInt('step', { description: 'The update it was made after.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt that made it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was stored.' }),
    size: t.expose('size', { type: 'BigInt', description: 'Bytes of all its files.' }),
    files: t.exposeInt('files', { description: 'How many files it has.' }),
    available: t.exposeBoolean('available', {
      description: 'Whether it is kept; the newest are, and those that other runs began with.',
    }),
  }),
});

const TrainedModel = builder.objectRef<ModelShape & { number: number }>('TrainedModel').implement({
  description: 'What a training made: a folder that `from_pretrained` of transformers takes.',
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The attempt that made it.' }),
    url: t.string({
      description: 'Where to download the folder as one ZIP file.',
      resolve: ({ number, attempt }) => `/export/runs/${number}/model.zip?attempt=${attempt}`,
    }),
    files: t.int({
      description: 'How many files it has.',
      resolve: ({ files }) => files.length,
    }),
    size: t.field({
      type: 'BigInt',
      description: 'Bytes of all its files.',
      resolve: ({ files }) => files.reduce((sum, { size }) => sum + size, 0n),
    }),
    available: t.boolean({
      description: 'Whether its bytes are kept, all of them.',
      resolve: ({ files }) => files.every(({ deletedAt }) => deletedAt === null),
    }),
  }),
});

builder.prismaObjectFields('Run', (t) => ({
  trainedModels: t.field({
    type: [TrainedModel],
    description: 'The models it trained, given up or not, newest attempt first.',
    select: { id: true, number: true },
    resolve: async ({ id, number }, _args, { app }) =>
      (await listTrainedModels(app.db, id)).map((model) => ({ ...model, number })),
  }),
  checkpoints: t.field({
    type: [Checkpoint],
    description: 'The newest 200 checkpoints it stored, given up or not, newest step first.',
    select: { id: true },
    resolve: ({ id }, _args, { app }) => listCheckpoints(app.sql, id),
  }),
}));
