import { useCallback, useSyncExternalStore } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql/index.ts';
import type { ImportFile } from './importFile.ts';
import type { ImportOptions } from './postImport.ts';
import { uploads } from './uploads.ts';

const Upload_Stored = graphql(`
  query Upload_Stored($key: String!) {
    importSession(key: $key) {
      id
      status
      bytes
    }
  }
`);

/** The upload of this page, and the ways to start it. */
export function useUpload() {
  const client = useClient();
  const state = useSyncExternalStore(uploads.subscribe, uploads.get);
  const askStored = useCallback(
    async (key: string) => {
      const { data, error } = await client
        .query(Upload_Stored, { key }, { requestPolicy: 'network-only' })
        .toPromise();
      if (error) throw error;
      const session = data?.importSession;
      return session ? { status: session.status, bytes: Number(session.bytes) } : null;
    },
    [client],
  );
  return {
    state,
    start: (file: ImportFile, options: ImportOptions) =>
      void uploads.start(file, options, askStored),
    resume: () => void uploads.resume(askStored),
  };
}
