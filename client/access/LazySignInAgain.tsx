import { Suspense, useSyncExternalStore } from 'react';
import { session } from '../lib/session.ts';
import { lazyPart } from '../ui/withLibrary.tsx';

const SignInAgain = lazyPart(() => import('./SignInAgain.tsx'), 'SignInAgain');

/** Loads the dialog when a session has ended. */
export function LazySignInAgain() {
  const state = useSyncExternalStore(session.subscribe, session.get);
  return state.kind === 'lost' ? (
    <Suspense>
      <SignInAgain email={state.email} />
    </Suspense>
  ) : null;
}
