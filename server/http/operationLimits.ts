/**
 * What a document may not be, decided before any resolver runs. Depth, breadth and complexity are
 * Pothos': they know the lists (`schema/builder.ts`).
 */
import { blockFieldSuggestionsPlugin } from '@escape.tech/graphql-armor-block-field-suggestions';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LIMITS } from '../limits/numbers.ts';
import type { Caller } from './caller.ts';

const refuse = (message: string, code: string) =>
  new GraphQLError(message, { extensions: { code } });

/** What a rule of armor is told: to report and not to throw, which would close a socket. */
function reporting(n: number, word: 'aliases' | 'directives', remedy: string) {
  const code = `TOO_MANY_${word.toUpperCase()}`;
  return {
    n,
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, { message }: GraphQLError) => {
        const found = /found (\d+)/.exec(message)?.[1];
        const said = `The document has ${found} ${word}; at most ${n} are read. ${remedy}`;
        context?.reportError(refuse(said, code));
      },
    ],
  };
}

const aliases = reporting(LIMITS.aliases, 'aliases', 'Ask in several requests.');
const directives = reporting(LIMITS.directives, 'directives', 'Write fewer of them.');
const tokens = {
  n: LIMITS.tokens,
  onReject: [
    () => {
      const said =
        `The document has more than ${LIMITS.tokens} tokens, which is as many as are read. ` +
        'Put values into variables, or ask in several requests.';
      throw refuse(said, 'TOO_MANY_TOKENS');
    },
  ],
};

const hideSuggestions = blockFieldSuggestionsPlugin({ mask: '' });

/** For HTTP and sockets alike; a hook knows who asks from the context of `Caller`. */
export const operationLimits: Plugin<Caller>[] = [
  maxTokensPlugin(tokens),
  {
    onValidate({ addValidationRule }) {
      addValidationRule(maxAliasesRule(aliases));
      addValidationRule(maxDirectivesRule(directives));
    },
  },
  {
    // Strangers need not learn what there is, neither by asking nor by guessing.
    onValidate(payload) {
      if (payload.context.actor.kind !== 'ANONYMOUS') return undefined;
      payload.addValidationRule(NoSchemaIntrospectionCustomRule);
      return hideSuggestions.onValidate?.(payload);
    },
  },
];
