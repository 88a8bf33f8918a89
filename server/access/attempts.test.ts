import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openAttempts, PER_ADDRESS, PER_EMAIL, TooManyAttempts } from './attempts.ts';

const email = () => `${randomUUID()}@example.org`;
const wrong = async () => false;
const right = async () => true;

/** How many of some attempts were made at all. */
async function made(attempts: Promise<unknown>[]): Promise<number> {
  const results = await Promise.allSettled(attempts);
  const refused = results.filter(({ status }) => status === 'rejected');
  for (const each of refused) {
    expect((each as PromiseRejectedResult).reason).toBeInstanceOf(TooManyAttempts);
  }
  return results.length - refused.length;
}

test('of attempts on one person, from anywhere and at once, ten are made', async () => {
  const attempts = openAttempts();
  const of = email();
  const all = Array.from({ length: 100 }, (_, i) =>
    attempts.guarded({ email: of, address: `10.0.0.${i}` }, wrong),
  );
  expect(await made(all)).toBe(PER_EMAIL);
});

test('of attempts from one address, on anybody and at once, fifty are made', async () => {
  const attempts = openAttempts();
  const all = Array.from({ length: 100 }, () =>
    attempts.guarded({ email: email(), address: '10.0.0.1' }, wrong),
  );
  expect(await made(all)).toBe(PER_ADDRESS);
});

test('a right password takes back what was counted', async () => {
  const attempts = openAttempts();
  const of = { email: email(), address: '10.0.0.1' };
  for (let i = 0; i < 3 * PER_ADDRESS; i++) expect(await attempts.guarded(of, right)).toBe(true);
  for (let i = 1; i < PER_EMAIL; i++) await attempts.guarded(of, wrong);
  await attempts.guarded(of, right);
  expect(await attempts.guarded(of, wrong)).toBe(false);
});

test('whoever is stopped is told for how long', async () => {
  const attempts = openAttempts();
  const of = { email: email(), address: null };
  for (let i = 0; i < PER_EMAIL; i++) await attempts.guarded(of, wrong);
  const refused = await attempts.guarded(of, right).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    message: 'Too many wrong passwords. Try again in 15 minutes.',
    retryAfterSeconds: expect.closeTo(900, -1),
  });
});
