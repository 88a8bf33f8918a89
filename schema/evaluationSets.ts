import { ConflictError, ValidationError } from '../server/errors.ts';
import { createEvaluationSet, type Stored } from '../server/evaluationSets/create.ts';
import { SetText } from '../server/evaluationSets/model.ts';
import { countValues } from '../server/evaluationSets/read.ts';
import {
  type EvaluationSetIssue,
  type EvaluationSetReport,
  isValid,
  MAX_ISSUES,
  readSet,
} from '../server/evaluationSets/report.ts';
import { parse } from '../server/lib/parse.ts';
import { findable } from '../server/lib/text.ts';
import { builder } from './builder.ts';
import { onPage } from './paging.ts';
import { FindingSeverity } from './severity.ts';
import { Facet } from './traceFacets.ts';

builder.prismaNode('EvaluationSetItem', {
  id: { field: 'id' },
  nullable: true,
  description: 'One question of an evaluation set.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Order in the set, from 0.' }),
    itemId: t.exposeString('itemId', { description: 'The id its author gave it.' }),
    prompt: t.exposeString('prompt', { description: 'What is asked.' }),
    expectedAnswer: t.exposeString('expectedAnswer', { description: 'The answer that is right.' }),
    alternatives: t.exposeStringList('alternatives', {
      description: 'Other answers that are right too.',
    }),
    category: t.exposeString('category', { nullable: true, description: 'What it is about.' }),
    difficulty: t.exposeString('difficulty', {
      nullable: true,
      description: 'How hard it is: usually `easy`, `medium` or `hard`.',
    }),
    section: t.exposeString('section', {
      nullable: true,
      description: 'Its part of the set: usually `core`, `trace_sensitive` or `edge_case`.',
    }),
    set: t.relation('set', { description: 'The set it belongs to.' }),
  }),
});

builder.prismaNode('EvaluationSet', {
  id: { field: 'id' },
  nullable: true,
  description:
    'A fixed list of questions with expected answers, to judge runs on whatever they were trained ' +
    'with. Never changes.',
  fields: (t) => ({
    key: t.exposeString('key', { description: '`name-version`, the handle in URLs.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    version: t.exposeString('version', { description: 'Its version.' }),
    contentHash: t.expose('contentHash', {
      type: 'SHA256',
      description: 'Digest over the ordered items; sets with the same one compare.',
    }),
    itemCount: t.exposeInt('itemCount', { description: 'How many items it has.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
    items: t.relatedConnection('items', {
      cursor: 'id',
      totalCount: true,
      complexity: onPage,
      description: 'Its items in order.',
      args: {
        section: t.arg.string({ description: 'Only this section.' }),
        category: t.arg.string({ description: 'Only this category.' }),
        difficulty: t.arg.string({ description: 'Only this difficulty.' }),
      },
      query: ({ section, category, difficulty }) => ({
        where: {
          ...(typeof section === 'string' && { section: findable(section) }),
          ...(typeof category === 'string' && { category: findable(category) }),
          ...(typeof difficulty === 'string' && { difficulty: findable(difficulty) }),
        },
        orderBy: { position: 'asc' },
      }),
    }),
    sections: t.field({
      type: [Facet],
      description: 'Its sections, most items first.',
      select: { id: true },
      resolve: ({ id }, _args, { app }) => countValues(app.sql, id, 'section'),
    }),
    categories: t.field({
      type: [Facet],
      description: 'Its categories, most items first.',
      select: { id: true },
      resolve: ({ id }, _args, { app }) => countValues(app.sql, id, 'category'),
    }),
    difficulties: t.field({
      type: [Facet],
      description: 'Its difficulties, most items first.',
      select: { id: true },
      resolve: ({ id }, _args, { app }) => countValues(app.sql, id, 'difficulty'),
    }),
    runs: t.relatedConnection('runs', {
      cursor: 'id',
      totalCount: true,
      complexity: onPage,
      description: 'The runs that are judged on it, newest first.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
    evaluations: t.relatedConnection('evaluations', {
      cursor: 'id',
      totalCount: true,
      complexity: onPage,
      description: 'The evaluations on it, newest first.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
  }),
});

const EvaluationSetIssueType = builder
  .objectRef<EvaluationSetIssue>('EvaluationSetIssue')
  .implement({
    description: 'Something about a file of an evaluation set.',
    fields: (t) => ({
      line: t.exposeInt('line', {
        nullable: true,
        description: 'Line number, from 1; null for what is about the whole file.',
      }),
      itemId: t.exposeString('itemId', {
        nullable: true,
        description: 'The id on that line, when it has one.',
      }),
      severity: t.expose('severity', {
        type: FindingSeverity,
        description: 'Only what has no ERROR can be stored.',
      }),
      code: t.exposeString('code', { description: 'Stable name of the rule: `DUPLICATE_ID`.' }),
      path: t.exposeStringList('path', { description: 'Where in the item.' }),
      message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
    }),
  });

const EvaluationSetReportType = builder
  .objectRef<EvaluationSetReport>('EvaluationSetReport')
  .implement({
    description: 'What would happen to a file of an evaluation set.',
    fields: (t) => ({
      valid: t.boolean({
        description: 'Whether it can be stored.',
        resolve: isValid,
      }),
      itemCount: t.int({
        description: 'Valid items in it.',
        resolve: ({ items }) => items.length,
      }),
      issues: t.field({
        type: [EvaluationSetIssueType],
        description:
          `What was found, in the order of the lines. Reading stops at ${MAX_ISSUES} errors, and ` +
          `${MAX_ISSUES} warnings are listed.`,
        resolve: ({ issues }) => issues,
      }),
    }),
  });

const CreateEvaluationSetInput = builder.inputType('CreateEvaluationSetInput', {
  description: 'An evaluation set to store.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1–128 letters, digits and `. _ -`.' }),
    version: t.string({ required: true, description: '1–64 letters, digits and `. _ -`.' }),
    jsonl: t.string({
      required: true,
      description:
        'One item per line, at most 10 MB: `{"id", "prompt", "expected_answer"}`, and when wanted ' +
        '`alternatives` (a list), `category`, `difficulty` and `section`.',
    }),
    minItems: t.int({ description: 'Fewer items are an error; 1 when not given.' }),
  }),
});

const CreateEvaluationSetPayload = builder
  .objectRef<Stored>('CreateEvaluationSetPayload')
  .implement({
    description: 'The new set.',
    fields: (t) => ({
      evaluationSet: t.prismaField({
        type: 'EvaluationSet',
        description: 'The set.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.evaluationSet.findUniqueOrThrow({ ...query, where: { id } }),
      }),
      warnings: t.field({
        type: [EvaluationSetIssueType],
        description: `What is allowed and probably not meant, at most ${MAX_ISSUES}.`,
        resolve: ({ report }) => report.issues,
      }),
    }),
  });

builder.queryFields((t) => ({
  evaluationSet: t.prismaField({
    type: 'EvaluationSet',
    nullable: true,
    description: 'An evaluation set by key; null when there is none.',
    authScopes: { scope: 'READ' },
    args: { key: t.arg.string({ required: true, description: '`name-version`.' }) },
    resolve: (query, _root, { key }, { app }) =>
      app.db.evaluationSet.findUnique({ ...query, where: { key: findable(key) } }),
  }),
  evaluationSets: t.prismaConnection(
    {
      type: 'EvaluationSet',
      cursor: 'id',
      description: 'Evaluation sets, newest first.',
      authScopes: { scope: 'READ' },
      complexity: onPage,
      totalCount: (_root, _args, { app }) => app.db.evaluationSet.count(),
      resolve: (query, _root, _args, { app }) =>
        app.db.evaluationSet.findMany({
          ...query,
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
    },
    { name: 'QueryEvaluationSetsConnection', description: 'A page of evaluation sets.' },
    { name: 'QueryEvaluationSetsConnectionEdge', description: 'An evaluation set on a page.' },
  ),
  validateEvaluationSet: t.field({
    type: EvaluationSetReportType,
    description: 'What createEvaluationSet would say of a file, without storing anything.',
    authScopes: { scope: 'READ' },
    args: {
      jsonl: t.arg.string({ required: true, description: 'One item per line, at most 10 MB.' }),
      minItems: t.arg.int({ description: 'Fewer items are an error; 1 when not given.' }),
    },
    resolve: (_root, { jsonl, minItems }) => readSet(parse(SetText, { jsonl, minItems })),
  }),
}));

builder.mutationFields((t) => ({
  createEvaluationSet: t.field({
    type: CreateEvaluationSetPayload,
    description: 'Stores an evaluation set under `name-version`, all of it or nothing.',
    authScopes: { scope: 'EVALUATIONS_WRITE' },
    args: {
      input: t.arg({ type: CreateEvaluationSetInput, required: true, description: 'The set.' }),
    },
    errors: {
      types: [ValidationError, ConflictError],
      union: { description: 'What createEvaluationSet answers.' },
    },
    resolve: (_root, { input }, { app }) => createEvaluationSet(app, input),
  }),
}));
