/** Counts, times and traces operations of GraphQL, over HTTP and sockets alike. */
import { type ExecutionArgs, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../../schema/builder.ts';
import type { App } from '../app.ts';

type Failing = { errors?: readonly unknown[] };

/** The plugin; what is not executed, because it is no valid operation, is counted by its errors alone. */
export function observeOperations(app: Pick<App, 'metrics' | 'tracing'>): Plugin<Context> {
  const begin = ({ document, operationName, contextValue }: ExecutionArgs) => {
    const { call, actor } = contextValue as Context;
    const startedAt = performance.now();
    const operation = getOperationAST(document, operationName);
    const name = operation?.name?.value ?? null;
    const type = operation?.operation ?? 'query';
    call.operation = name ?? type;
    const span = app.tracing.start(
      name ? `${type} ${name}` : type,
      {
        'graphql.operation.type': type,
        'graphql.operation.name': name,
        'tunix.request.id': call.requestId,
        'tunix.actor.kind': actor.kind,
      },
      call.span,
    );
    const end = (result: unknown) => {
      const failed = !isAsyncIterable(result) && Boolean((result as Failing).errors?.length);
      const seconds = (performance.now() - startedAt) / 1000;
      // The names there is room for are not for strangers to use up.
      const named =
        actor.kind === 'ANONYMOUS'
          ? { name: 'stranger', client: null }
          : { name, client: call.client };
      app.metrics.api.executed({ ...named, type, seconds, failed });
      span.end(failed ? 'errors' : undefined);
    };
    const selected = operation?.selectionSet.selections[0];
    const field = selected?.kind === 'Field' ? selected.name.value : 'other';
    return { end, field };
  };
  return {
    onExecute({ args }) {
      const { end } = begin(args);
      return { onExecuteDone: ({ result }) => end(result) };
    },
    onSubscribe({ args }) {
      const { end, field } = begin(args);
      return {
        onSubscribeResult({ result }) {
          end(result);
          if (isAsyncIterable(result)) return { onEnd: app.metrics.api.subscribed(field) };
        },
      };
    },
  };
}
