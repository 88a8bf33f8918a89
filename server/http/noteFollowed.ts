/** Notices when a run is followed from a notebook, which nobody can see from the page. */
import { getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../../schema/builder.ts';
import type { App } from '../app.ts';
import { NOTEBOOK, recordFollowed } from '../audit/followed.ts';

const FIELDS = ['runLogs', 'runEvents', 'runMetrics'];

/** The plugin. It asks once in the life of a process, and no stream waits for it. */
export function noteFollowed(app: Pick<App, 'audit' | 'bell' | 'log' | 'sql'>): Plugin<Context> {
  let isNoted = false;
  return {
    onSubscribe({ args: { document, operationName, contextValue, variableValues } }) {
      const { actor, call } = contextValue as Context;
      if (isNoted || call.client !== NOTEBOOK) return;
      const field = getOperationAST(document, operationName)?.selectionSet.selections[0];
      if (field?.kind !== 'Field' || !FIELDS.includes(field.name.value)) return;
      return {
        onSubscribeResult({ result }) {
          if (!isAsyncIterable(result)) return;
          isNoted = true;
          const { runId } = variableValues ?? {};
          const target = typeof runId === 'string' ? runId : null;
          recordFollowed(app, { actor, call, target }).catch((error: unknown) => {
            isNoted = false;
            app.log.warn({ err: error, requestId: call.requestId }, 'following was not noted');
          });
        },
      };
    },
  };
}
