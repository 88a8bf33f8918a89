import { useEffect, useState } from 'react';
import { useUrlState } from '../lib/url.ts';
import { Notice } from '../ui/Notice.tsx';
import { type AuthState, readAuthState } from './authRequests.ts';
import { nextPage } from './nextPage.ts';
import { OutsidePage } from './OutsidePage.tsx';
import { SignInForm } from './SignInForm.tsx';

/** Asks who is there and leads to where they wanted to go. */
export function SignInPage() {
  const [url] = useUrlState('next');
  const [state, setState] = useState<AuthState>();
  const next = nextPage(url.next ?? null, location.origin);
  useEffect(() => {
    // Without an answer the form says so itself, when it is sent.
    readAuthState()
      .then(setState)
      .catch(() => undefined);
  }, []);
  const isDone = state !== undefined && (state.auth === 'off' || state.signedIn);
  useEffect(() => {
    if (isDone) location.replace(next);
  }, [isDone, next]);
  if (state?.needsSetup) {
    return (
      <OutsidePage title="No account yet">
        <Notice tone="info" title="Make the first one" testId="needs-setup">
          Open the link that the server printed when it started: it makes the first administrator,
          who invites the others.
        </Notice>
      </OutsidePage>
    );
  }
  return (
    <OutsidePage
      title="Sign in"
      lead={url.next && 'You come back to the page you wanted to see.'}
      foot="No account? Ask an administrator for an invitation."
    >
      {/* A whole new page: nothing of who was here before is kept. */}
      <SignInForm onDone={() => location.replace(next)} />
    </OutsidePage>
  );
}
