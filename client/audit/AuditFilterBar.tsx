import { Button, Select, TextInput } from '@mantine/core';
import { useTextFilter } from '../lib/useTextFilter.ts';
import { Icon } from '../ui/Icon.tsx';
import css from './AuditPage.module.css';
import { type AuditUrl, OUTCOMES } from './auditFilter.ts';

/** Who, what, to what, how it ended, and when. */
export function AuditFilterBar(props: { url: AuditUrl; onChange: (next: AuditUrl) => void }) {
  const { url, onChange } = props;
  const set = (key: keyof AuditUrl, value: string | null) =>
    onChange({ ...url, [key]: value || undefined });
  const actor = useTextFilter(url.actor, (text) => set('actor', text));
  const action = useTextFilter(url.action, (text) => set('action', text));
  const target = useTextFilter(url.target, (text) => set('target', text));
  const isFiltered = Object.values(url).some(Boolean);
  return (
    <div className={css.filter} data-testid="audit-filter">
      <TextInput size="xs" label="Who" placeholder="part of a name" {...actor} />
      <TextInput size="xs" label="Action" placeholder="createRun" {...action} />
      <TextInput size="xs" label="Done to" placeholder="id of an object" {...target} />
      <Select
        size="xs"
        label="Outcome"
        placeholder="any"
        clearable
        data={[...OUTCOMES]}
        value={url.outcome ?? null}
        onChange={(value) => set('outcome', value)}
      />
      <TextInput
        size="xs"
        label="From"
        type="date"
        value={url.from ?? ''}
        onChange={(event) => set('from', event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label="Until"
        type="date"
        value={url.until ?? ''}
        onChange={(event) => set('until', event.currentTarget.value)}
      />
      {isFiltered && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={<Icon name="cross" size={12} />}
          onClick={() => onChange({})}
        >
          Clear
        </Button>
      )}
    </div>
  );
}
