import { ValidationError } from '../server/errors.ts';
import {
  type Generated,
  generateUngarTraces,
  UNGAR_GAMES,
  UNGAR_VERSION,
} from '../server/ungar/generate.ts';
import type { Episode } from '../server/ungar/highCardDuel.ts';
import { builder } from './builder.ts';
import { Trace, TraceStep } from './traces.ts';

const UngarStatus = builder
  .objectRef<{ version: string; games: readonly string[] }>('UngarStatus')
  .implement({
    description: 'The generator of card game traces.',
    fields: (t) => ({
      available: t.boolean({
        description: 'Always true: it is part of the server.',
        resolve: () => true,
      }),
      version: t.exposeString('version', {
        description: 'Version of its rules and texts; the same version and seed give the same.',
      }),
      games: t.exposeStringList('games', { description: 'The games it plays.' }),
    }),
  });

const UngarVariant = builder.enumType('UngarVariant', {
  description: 'What is asked of the player of High Card Duel.',
  values: {
    REVEAL: {
      description:
        'To reveal the hidden card: one prompt and one answer for all games, as the predecessor ' +
        'made them. Nothing can be learnt from them.',
    },
    DECISION: {
      description:
        'To fold, reveal or double, by the own card and the stakes. The steps count the cards ' +
        'that are lower, equal and higher and compute the best choice exactly.',
    },
  } as const,
});

const UngarResult = builder.enumType('UngarResult', {
  description: 'How the duel ends for the player when the cards are revealed.',
  values: {
    WIN: { description: 'The own card is higher.' },
    LOSS: { description: 'The card of the opponent is higher.' },
    TIE: { description: 'Both have the same rank.' },
  } as const,
});

const UngarEpisode = builder.objectRef<Episode>('UngarEpisode').implement({
  description: 'One game of High Card Duel and the trace it makes.',
  fields: (t) => ({
    seed: t.exposeInt('seed', {
      description: 'Its own seed: that of the batch plus its place. It alone decides the deal.',
    }),
    myCard: t.string({
      description: 'The card of the player, rank and suit: `QC`, `TS`.',
      resolve: ({ my }) => my.code,
    }),
    opponentCard: t.string({
      description: 'The card of the opponent.',
      resolve: ({ opponent }) => opponent.code,
    }),
    result: t.expose('result', { type: UngarResult, description: 'How it ends.' }),
    prompt: t.string({
      description: 'What is asked.',
      resolve: ({ payload }) => payload.prompt,
    }),
    steps: t.field({
      type: [TraceStep],
      description: 'The steps of the trace.',
      resolve: ({ payload }) => payload.steps,
    }),
    finalAnswer: t.string({
      description: 'The answer.',
      resolve: ({ payload }) => payload.final_answer,
    }),
  }),
});

const GenerateUngarTracesInput = builder.inputType('GenerateUngarTracesInput', {
  description: 'How many games of High Card Duel, and which.',
  fields: (t) => ({
    count: t.int({ required: true, description: 'How many: 1–100.' }),
    seed: t.int({ description: 'Of the first game, the next have the next; drawn when missing.' }),
    variant: t.field({
      type: UngarVariant,
      required: true,
      defaultValue: 'REVEAL',
      description: 'What is asked of the player.',
    }),
    persist: t.boolean({
      required: true,
      defaultValue: true,
      description: 'Whether to store the traces, or only to show the games.',
    }),
  }),
});

const GenerateUngarTracesPayload = builder
  .objectRef<Generated>('GenerateUngarTracesPayload')
  .implement({
    description: 'The games that were played.',
    fields: (t) => ({
      seed: t.exposeInt('seed', { description: 'Of the batch: given, or drawn.' }),
      created: t.exposeInt('created', { description: 'New traces.' }),
      duplicates: t.exposeInt('duplicates', { description: 'Traces that were there already.' }),
      traces: t.prismaField({
        type: [Trace],
        description: 'The stored traces in the order of the games; none when not stored.',
        resolve: async (query, { traceIds }, _args, { app }) => {
          const rows = await app.db.trace.findMany({ ...query, where: { id: { in: traceIds } } });
          const placeOf = new Map(traceIds.map((id, place) => [id, place]));
          const place = ({ id }: { id: string }) => placeOf.get(id) ?? 0;
          return rows.toSorted((a, b) => place(a) - place(b));
        },
      }),
      preview: t.expose('episodes', { type: [UngarEpisode], description: 'All games in order.' }),
    }),
  });

builder.queryFields((t) => ({
  ungarStatus: t.field({
    type: UngarStatus,
    description: 'The generator of card game traces.',
    authScopes: { scope: 'READ' },
    resolve: () => ({ version: UNGAR_VERSION, games: UNGAR_GAMES }),
  }),
}));

builder.mutationFields((t) => ({
  generateUngarTraces: t.field({
    type: GenerateUngarTracesPayload,
    description: 'Plays games of High Card Duel and stores a trace of each.',
    authScopes: { scope: 'TRACES_WRITE' },
    args: {
      input: t.arg({
        type: GenerateUngarTracesInput,
        required: true,
        description: 'How many, and which.',
      }),
    },
    errors: {
      types: [ValidationError],
      union: { description: 'What generateUngarTraces answers.' },
    },
    resolve: (_root, { input }, { app }) => generateUngarTraces(app, input),
  }),
}));
