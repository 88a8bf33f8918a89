import type { ArtifactKind as ArtifactKindValue } from '../prisma/generated/client/enums.ts';
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
    DATA: { description: 'Training data; not listed yet.' },
    LOG: { description: 'A log; not listed yet, logs are read with runLogs.' },
    OTHER: { description: 'Anything else.' },
  } satisfies Record<ArtifactKindValue, object>,
});

builder.prismaNode('Artifact', {
  id: { field: 'id' },
  nullable: true,
  description: 'One file a run left behind.',
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The attempt that wrote it.' }),
    kind: t.expose('kind', { type: ArtifactKind, description: 'What it is.' }),
    path: t.exposeString('path', { description: 'Its place in the folder of the attempt.' }),
    size: t.expose('size', { type: 'BigInt', description: 'Bytes.' }),
    sha256: t.expose('sha256', { type: 'SHA256', description: 'Digest of its bytes.' }),
    url: t.string({
      description: 'Where to download it, with ranges.',
      resolve: ({ id }) => `/artifacts/${globalId('Artifact', id)}`,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was listed.' }),
  }),
});
