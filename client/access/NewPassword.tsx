import { PasswordInput, Stack, VisuallyHidden } from '@mantine/core';
import { useId } from 'react';
import { Icon } from '../ui/Icon.tsx';
import css from './NewPassword.module.css';
import { passwordRules } from './password.ts';

export type PasswordDraft = { password: string; again: string };

export const NO_PASSWORD: PasswordDraft = { password: '', again: '' };

export const isGoodPassword = ({ password, again }: PasswordDraft, email: string): boolean =>
  passwordRules(password, again, email).every(({ isMet }) => isMet);

/** A new password, twice, with the rules and which of them hold. */
export function NewPassword(props: {
  draft: PasswordDraft;
  onChange: (draft: PasswordDraft) => void;
  /** Whose password it is. */
  email: string;
  label?: string;
  error?: string | undefined;
}) {
  const { draft, onChange, label = 'Password' } = props;
  const rules = useId();
  return (
    <Stack gap="xs">
      <PasswordInput
        label={label}
        name="new-password"
        autoComplete="new-password"
        required
        withAsterisk={false}
        aria-describedby={rules}
        value={draft.password}
        error={props.error}
        onChange={(event) => onChange({ ...draft, password: event.currentTarget.value })}
      />
      <PasswordInput
        label={`${label} again`}
        name="new-password-again"
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={draft.again}
        onChange={(event) => onChange({ ...draft, again: event.currentTarget.value })}
      />
      <ul className={css.rules} id={rules}>
        {passwordRules(draft.password, draft.again, props.email).map(({ text, isMet }) => (
          <li key={text} data-met={isMet || undefined}>
            <Icon name={isMet ? 'check' : 'minus'} size={12} />
            {text}
            <VisuallyHidden>{isMet ? ', met' : ', not yet'}</VisuallyHidden>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
