import { builder } from './builder.ts';

export const ScoreCriteria = builder.enumType('ScoreCriteria', {
  description: 'How a trace is scored.',
  values: {
    BASELINE: {
      description:
        'By volume: `min(n / 10, 1) * 50 + min(L / 500, 1) * 50` for n steps of L characters on ' +
        'average. It says nothing about right or wrong.',
    },
  } as const,
});

builder.prismaNode('Score', {
  name: 'TraceScore',
  id: { field: 'id' },
  nullable: true,
  description: 'A score of a trace, stored when it was asked for.',
  fields: (t) => ({
    criteria: t.field({
      type: ScoreCriteria,
      description: 'How it was scored.',
      select: { criteria: true },
      resolve: ({ criteria }) => criteria as typeof ScoreCriteria.$inferType,
    }),
    score: t.exposeFloat('score', { description: '0–100, two decimals.' }),
    details: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What it was made from: stepCount, averageStepLength, stepChars, stepScore, lengthScore.',
      select: { details: true },
      resolve: ({ details }) => details,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was scored.' }),
  }),
});
