import { GraphQLError } from 'graphql';
import {
  type ProvenanceKind,
  type Provenance as ProvenanceShape,
  readProvenance,
} from '../server/provenance/document.ts';
import {
  type LineageEdge as EdgeShape,
  type Lineage as LineageShape,
  type LineageNode as NodeShape,
  readLineage,
} from '../server/provenance/lineage.ts';
import type { LineageKind } from '../server/provenance/links.ts';
import type { StepKind, Step as StepShape } from '../server/provenance/step.ts';
import { builder } from './builder.ts';
import { decodeGlobalId, globalId } from './ids.ts';
import { orBadValue } from './requestError.ts';

const ProvenanceStepKind = builder.enumType('ProvenanceStepKind', {
  description: 'What a step of a chain is.',
  values: {
    EVALUATION: { description: 'What a judge said.' },
    PREDICTIONS: { description: 'The texts that were judged.' },
    WEIGHTS: { description: 'Files of the trained model: its export, or its checkpoints.' },
    RUN: { description: 'The training: config, versions, devices and seed.' },
    EVALUATION_SET: { description: 'The questions that were asked.' },
    DATASET: { description: 'What was trained on.' },
    TRACES: { description: 'All traces of the dataset.' },
    TRACE: { description: 'One trace.' },
    SOURCE: { description: 'Where traces came from: an import, a generator, or the API.' },
  } satisfies Record<StepKind, object>,
});

const TYPES: Partial<Record<StepKind, string>> = {
  EVALUATION: 'Evaluation',
  RUN: 'Run',
  EVALUATION_SET: 'EvaluationSet',
  DATASET: 'Dataset',
  TRACE: 'Trace',
  SOURCE: 'ImportSession',
};

const Fact = builder.objectRef<{ name: string; value: unknown }>('ProvenanceFact').implement({
  description: 'One thing that is known of a step.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is.' }),
    value: t.field({ type: 'JSON', description: 'Its value.', resolve: ({ value }) => value }),
  }),
});

const ProvenanceStep = builder.objectRef<StepShape>('ProvenanceStep').implement({
  description: 'One step of a chain, nearest first.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ProvenanceStepKind, description: 'What it is.' }),
    title: t.exposeString('title', { description: 'It in a few words.' }),
    id: t.id({
      nullable: true,
      description: 'Its opaque id; null for what has none of its own.',
      resolve: ({ kind, id }) => (id ? globalId(TYPES[kind] ?? kind, id) : null),
    }),
    digest: t.expose('digest', {
      type: 'SHA256',
      nullable: true,
      description: 'sha256 of its content, where there is something to hash.',
    }),
    facts: t.field({
      type: [Fact],
      description: 'What is known of it; unknown facts are left out.',
      resolve: ({ facts }) =>
        Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [{ name, value }])),
    }),
  }),
});

const Provenance = builder.objectRef<ProvenanceShape>('Provenance').implement({
  description: 'Where something comes from, back to the sources of its traces.',
  fields: (t) => ({
    of: t.id({
      description: 'The opaque id of what it is about.',
      resolve: ({ of: { kind, id } }) => globalId(kind, id),
    }),
    sha256: t.expose('sha256', {
      type: 'SHA256',
      description: 'Digest of the canonical JSON (RFC 8785) of the document.',
    }),
    document: t.field({
      type: 'JSON',
      description: 'Everything, for machines. The same thing has the same document whoever asks.',
      resolve: ({ document }) => document,
    }),
    chain: t.expose('chain', { type: [ProvenanceStep], description: 'The same for people.' }),
  }),
});

const NodeKind = builder.enumType('LineageKind', {
  description: 'What a node of a lineage is.',
  values: {
    IMPORT: { description: 'An import of traces.' },
    TRACE: { description: 'A trace.' },
    DATASET: { description: 'A dataset.' },
    EVALUATION_SET: { description: 'An evaluation set.' },
    RUN: { description: 'A run.' },
    EVALUATION: { description: 'An evaluation.' },
    BASELINE: { description: 'A revision of a baseline.' },
  } satisfies Record<LineageKind, object>,
});

const TYPE_OF: Record<LineageKind, string> = {
  IMPORT: 'ImportSession',
  TRACE: 'Trace',
  DATASET: 'Dataset',
  EVALUATION_SET: 'EvaluationSet',
  RUN: 'Run',
  EVALUATION: 'Evaluation',
  BASELINE: 'Baseline',
};

const opaque = ({ kind, id }: NodeShape) => globalId(TYPE_OF[kind], id);

const LineageNode = builder.objectRef<NodeShape>('LineageNode').implement({
  description: 'One thing in a lineage.',
  fields: (t) => ({
    id: t.id({ description: 'Its opaque id.', resolve: opaque }),
    kind: t.expose('kind', { type: NodeKind, description: 'What it is.' }),
    title: t.exposeString('title', { description: 'It in a few words.' }),
  }),
});

const LineageEdge = builder.objectRef<EdgeShape>('LineageEdge').implement({
  description: 'That one thing comes from another.',
  fields: (t) => ({
    from: t.id({ description: 'The origin.', resolve: ({ from }) => opaque(from) }),
    to: t.id({ description: 'What came of it.', resolve: ({ to }) => opaque(to) }),
    relation: t.exposeString('relation', {
      description: 'How: imported, contained in, parent of, used by, judged by, …',
    }),
  }),
});

const Lineage = builder.objectRef<LineageShape>('Lineage').implement({
  description: 'What something came from, or what came of it.',
  fields: (t) => ({
    nodes: t.expose('nodes', {
      type: [LineageNode],
      description: 'The thing itself, then the others, nearest first.',
    }),
    edges: t.expose('edges', { type: [LineageEdge], description: 'Between these nodes.' }),
    truncated: t.exposeBoolean('truncated', {
      description: 'Whether there is more than was asked for.',
    }),
  }),
});

const LineageDirection = builder.enumType('LineageDirection', {
  description: 'Which way to walk.',
  values: {
    UP: { description: 'To what it came from.' },
    DOWN: { description: 'To all that came of it.' },
  } as const,
});

const isTraced = (type: string): type is ProvenanceKind =>
  ['Evaluation', 'Run', 'Dataset', 'Trace'].includes(type);

const cannot = (what: string, type: string, known: string[]): never => {
  throw new GraphQLError(`A ${type} has no ${what}. Give the id of: ${known.join(', ')}.`, {
    extensions: { code: 'BAD_VALUE' },
  });
};

builder.queryFields((t) => ({
  provenance: t.field({
    type: Provenance,
    nullable: true,
    description:
      'Where an evaluation, run, dataset or trace comes from, with digests all the way. Null when ' +
      'there is no such thing.',
    authScopes: { scope: 'READ' },
    complexity: { field: 20 },
    args: { of: t.arg.id({ required: true, description: 'The opaque id.' }) },
    resolve: (_root, args, { app }) => {
      const { typename, id } = decodeGlobalId(args.of);
      if (!isTraced(typename)) {
        return cannot('provenance', typename, ['Evaluation', 'Run', 'Dataset', 'Trace']);
      }
      return readProvenance(app, typename, id);
    },
  }),
  lineage: t.field({
    type: Lineage,
    nullable: true,
    description:
      'All that something came from, or that came of it: DOWN from a trace are the datasets, runs, ' +
      'evaluations and baselines it reaches. Null when there is no such thing.',
    authScopes: { scope: 'READ' },
    complexity: { field: 20, multiplier: 1 },
    args: {
      of: t.arg.id({ required: true, description: 'The opaque id.' }),
      direction: t.arg({ type: LineageDirection, required: true, description: 'Which way.' }),
      depth: t.arg.int({ description: 'Steps away: 1–10; 6.' }),
      first: t.arg.int({ description: 'Nodes at most: 1–500; 200.' }),
    },
    resolve: (_root, { of, direction, depth, first }, { app }) => {
      const { typename, id } = decodeGlobalId(of);
      const kinds = Object.keys(TYPE_OF) as LineageKind[];
      const kind = kinds.find((each) => TYPE_OF[each] === typename);
      if (!kind) return cannot('lineage', typename, Object.values(TYPE_OF));
      const query = { kind, id, direction, depth: depth ?? 6, first: first ?? 200 };
      return readLineage(app.sql, query).catch(orBadValue);
    },
  }),
}));
