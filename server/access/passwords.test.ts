import { expect, test } from 'vitest';
import { hashPassword, isPassword } from './passwords.ts';

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
