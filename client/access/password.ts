/** What a new password must be. The server decides; this says it while it is typed. */
const FEWEST = 10;
const MOST = 128;

export type PasswordRule = { text: string; isMet: boolean };

export function passwordRules(password: string, again: string, email = ''): PasswordRule[] {
  const length = [...password].length;
  const isEmail = password.toLowerCase() === email.trim().toLowerCase();
  return [
    { text: `${FEWEST} to ${MOST} characters`, isMet: length >= FEWEST && length <= MOST },
    { text: 'Not your email', isMet: password !== '' && !isEmail },
    { text: 'Twice the same', isMet: password !== '' && password === again },
  ];
}
