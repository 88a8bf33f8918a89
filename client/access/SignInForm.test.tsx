// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { SignInForm } from './SignInForm.tsx';

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

/** Fills the form in and sends it to a server that answers so. */
function send(answer: () => Promise<Response>) {
  const ask = vi.fn((_url: string, _init: RequestInit) => answer());
  vi.stubGlobal('fetch', ask);
  const onDone = vi.fn();
  render(
    <MantineProvider>
      <SignInForm onDone={onDone} />
    </MantineProvider>,
  );
  fireEvent.change(field('Email'), { target: { value: 'ada@example.org' } });
  fireEvent.change(field('Password'), { target: { value: 'correct horse' } });
  fireEvent.submit(screen.getByTestId('sign-in-form'));
  return { ask, onDone };
}

const refusal =
  (status: number, code: string, headers: Record<string, string> = {}) =>
  async () =>
    new Response(JSON.stringify({ error: { code, message: 'of the server' } }), {
      status,
      headers,
    });

it('sends email and password, and says who is in', async () => {
  const user = { email: 'ada@example.org', name: 'Ada', role: 'ADMIN' };
  const { ask, onDone } = send(async () => new Response(JSON.stringify({ user })));
  await waitFor(() => expect(onDone).toHaveBeenCalledWith(user));
  const [url, init] = ask.mock.calls[0] ?? [];
  expect(url).toBe('/auth/sign-in');
  expect(JSON.parse(String(init?.body))).toEqual({
    email: 'ada@example.org',
    password: 'correct horse',
  });
});

it.each([
  [refusal(401, 'WRONG_CREDENTIALS'), 'The email or the password is wrong.'],
  [refusal(429, 'RATE_LIMITED', { 'retry-after': '30' }), 'Too many attempts. Try again in 30 s.'],
  [refusal(409, 'INVALID_STATE'), 'of the server'],
  [() => Promise.reject(new Error('down')), 'The server does not answer. Try again in a moment.'],
])('says what went wrong and keeps the email (%#)', async (answer, said) => {
  const { onDone } = send(answer);
  expect((await screen.findByTestId('sign-in-fault')).textContent).toBe(said);
  expect(field('Email').value).toBe('ada@example.org');
  expect(field('Password').value).toBe('');
  expect(onDone).not.toHaveBeenCalled();
});
