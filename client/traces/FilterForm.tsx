import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { type FilterUrl, faultOf } from '../lib/traceFilter.ts';

const FIELDS = [
  { key: 'steps', label: 'Steps', placeholder: '2..8' },
  { key: 'chars', label: 'Characters', placeholder: '..4000' },
  { key: 'score', label: 'Score', placeholder: '50..' },
  { key: 'version', label: 'Format', placeholder: '1' },
  { key: 'after', label: 'Added from', type: 'date' },
  { key: 'before', label: 'Added before', type: 'date' },
  { key: 'dataset', label: 'In dataset', placeholder: 'name-version' },
  { key: 'meta', label: 'Metadata', placeholder: 'category=addition' },
] as const;

type Field = (typeof FIELDS)[number]['key'];

/** The conditions that are written rather than picked. */
export function FilterForm(props: { url: FilterUrl; onApply: (next: FilterUrl) => void }) {
  const [values, setValues] = useState<Partial<Record<Field, string>>>(() =>
    Object.fromEntries(FIELDS.map(({ key }) => [key, props.url[key] ?? ''])),
  );
  const fault = (key: Field) => {
    const value = values[key]?.trim();
    return value ? faultOf(key, value) : undefined;
  };
  const hasFault = FIELDS.some(({ key }) => fault(key));

  function apply(event: SyntheticEvent) {
    event.preventDefault();
    if (hasFault) return;
    const words = FIELDS.map(({ key }) => [key, values[key]?.trim() || undefined]);
    props.onApply({ ...props.url, ...Object.fromEntries(words) });
  }

  return (
    <form onSubmit={apply} data-testid="filter-form">
      <Stack gap="sm">
        <SimpleGrid cols={2} spacing="sm" verticalSpacing="xs">
          {FIELDS.map((field) => (
            <TextInput
              key={field.key}
              size="xs"
              label={field.label}
              type={'type' in field ? field.type : 'text'}
              placeholder={'placeholder' in field ? field.placeholder : undefined}
              value={values[field.key] ?? ''}
              error={fault(field.key)}
              onChange={(event) => setValues({ ...values, [field.key]: event.currentTarget.value })}
            />
          ))}
        </SimpleGrid>
        <Group justify="flex-end">
          <Button type="submit" size="xs" disabled={hasFault}>
            Apply
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
