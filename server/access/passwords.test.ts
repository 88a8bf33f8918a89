import { expect, test, vi } from 'vitest';
import { hashPassword, isPassword } from './passwords.ts';

/** Whether there is memory for a hash. */
const memory = vi.hoisted(() => ({ isThere: true }));
vi.mock(import('@node-rs/argon2'), async (original) => {
  const argon2 = await original();
  const hash: typeof argon2.hash = (...given) =>
    memory.isThere ? argon2.hash(...given) : Promise.reject(new Error('out of memory'));
  return { ...argon2, hash };
});

test('that nobody’s hash could not be made is over when it can be again', async () => {
  memory.isThere = false;
  await expect(isPassword('wrong', null)).rejects.toThrow('out of memory');
  memory.isThere = true;
  expect(await isPassword('wrong', null)).toBe(false);
});

test('a password is kept as Argon2id with 19 MiB and two passes, salted', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hashPassword('correct horse')).not.toBe(hash);
  expect(await isPassword('correct horse', hash)).toBe(true);
  expect(await isPassword('correct hors', hash)).toBe(false);
});

test('for nobody, a password takes as long to be refused as for somebody', async () => {
  const hash = await hashPassword('correct horse');
  const spent = async (stored: string | null) => {
    const before = process.cpuUsage();
    for (let i = 0; i < 5; i++) expect(await isPassword('wrong', stored)).toBe(false);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  // The first call makes the hash that nobody's password has.
  await isPassword('wrong', null);
  const ratio = (await spent(null)) / (await spent(hash));
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});
