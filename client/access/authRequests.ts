/** The routes of `/auth/`: plain requests, because they work before anybody is signed in. */
import type { UserRole } from '../gql/graphql.ts';
import { serverPaths } from '../paths.ts';

export type SignedIn = { email: string; name: string; role: UserRole };

export type AuthState = { auth: 'on' | 'off'; needsSetup: boolean; signedIn: boolean };

export type InvitationFacts = {
  role: UserRole;
  /** Fixed by who invited, or free to choose. */
  email: string | null;
  expiresAt: string;
  /** Whether it makes the first administrator of this server. */
  first: boolean;
  /** Whether it gives the user of `email` a new password, and makes nobody. */
  resetsPassword: boolean;
};

/** A refusal in words; `status` is 0 when the server does not answer. */
export class AuthError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  /** Seconds until it makes sense to try again. */
  readonly retryAfter: number | undefined;
  constructor(message: string, status: number, code?: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

type Refusal = { error?: { code?: string; message?: string } };

/** @throws AuthError */
async function request<Answer>(url: string, body?: object): Promise<Answer> {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, init).catch(() => {
    throw new AuthError('The server does not answer. Try again in a moment.', 0);
  });
  if (response.status === 204) return undefined as Answer;
  const answer = (await response.json().catch(() => ({}))) as Answer & Refusal;
  if (response.ok) return answer;
  const { code, message } = answer.error ?? {};
  const wait = Number(response.headers.get('retry-after'));
  throw new AuthError(
    message ?? `That did not work (HTTP ${response.status}).`,
    response.status,
    code,
    wait > 0 ? wait : undefined,
  );
}

export const readAuthState = () => request<AuthState>(serverPaths.authState());

export const readInvitation = (token: string) =>
  request<InvitationFacts>(serverPaths.invitation(token));

export const signIn = async (email: string, password: string): Promise<SignedIn> =>
  (await request<{ user: SignedIn }>(serverPaths.signIn(), { email, password })).user;

export const signOut = () => request<void>(serverPaths.signOut(), {});

export const takeNewPassword = async (token: string, password: string): Promise<SignedIn> =>
  (await request<{ user: SignedIn }>(serverPaths.accept(), { token, password })).user;

export const acceptInvitation = async (input: {
  token: string;
  email: string;
  name: string;
  password: string;
}): Promise<SignedIn> => (await request<{ user: SignedIn }>(serverPaths.accept(), input)).user;
