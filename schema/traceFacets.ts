import {
  COUNTED_TRACES,
  type Facet as FacetShape,
  type TraceFacets as FacetsShape,
  readFacets,
} from '../server/traces/facets.ts';
import { builder } from './builder.ts';
import { TraceFilter, toTraceFilter } from './traceFilter.ts';

/** For everything that is counted by value. */
export const Facet = builder.objectRef<FacetShape>('Facet').implement({
  description: 'A value and how many have it.',
  fields: (t) => ({
    value: t.exposeString('value', { description: 'The value.' }),
    count: t.exposeInt('count', { description: 'How many have it.' }),
  }),
});

const TraceFacets = builder.objectRef<FacetsShape>('TraceFacets').implement({
  description:
    'What the traces of a filter have in common. Sources, versions and steps are counted as if the ' +
    'filter had no condition on them, so that one can see what else could be chosen. ' +
    `At most the newest ${COUNTED_TRACES} are counted.`,
  fields: (t) => ({
    sources: t.expose('sources', {
      type: [Facet],
      description: 'The 20 most frequent sources.',
    }),
    tags: t.expose('tags', { type: [Facet], description: 'The 20 most frequent tags.' }),
    versions: t.expose('versions', {
      type: [Facet],
      description: 'The 20 most frequent versions.',
    }),
    steps: t.expose('steps', {
      type: [Facet],
      description: 'Numbers of steps, ascending: `1`, `2`, `3-5`, `6-10`, … `101-1000`.',
    }),
    counted: t.exposeInt('counted', { description: 'How many traces of the filter were counted.' }),
    exact: t.exposeBoolean('exact', {
      description: 'Whether nothing that matches was left out, so that the counts are exact.',
    }),
  }),
});

builder.queryFields((t) => ({
  traceFacets: t.field({
    type: TraceFacets,
    description:
      'What the traces of a filter have in common, with counts, for a list of choices beside it.',
    authScopes: { scope: 'READ' },
    args: { filter: t.arg({ type: TraceFilter, description: 'Which ones; all without it.' }) },
    resolve: (_root, { filter }, { app }) => readFacets(app.sql, toTraceFilter(filter)),
  }),
}));
