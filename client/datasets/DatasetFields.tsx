import { Input, SegmentedControl, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import type { ChangeEvent } from 'react';
import type { DatasetErrors, DatasetForm } from './datasetForm.ts';

export function DatasetFields(props: {
  form: DatasetForm;
  errors: DatasetErrors;
  onChange: (part: Partial<DatasetForm>) => void;
  sources: readonly string[];
}) {
  const { form, errors, onChange } = props;
  const text = (name: Exclude<keyof DatasetForm, 'strategy'>) => ({
    name,
    value: form[name],
    error: errors[name],
    autoComplete: 'off',
    onChange: (event: ChangeEvent<HTMLInputElement>) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  const sources = [...new Set([...props.sources, ...(form.source ? [form.source] : [])])];
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput label="Name" placeholder="arithmetic" required {...text('name')} />
        <TextInput label="Version" placeholder="v1" required {...text('version')} />
        <Select
          label="Source"
          placeholder="Any source"
          clearable
          data={sources}
          value={form.source || null}
          error={errors.source}
          onChange={(source) => onChange({ source: source ?? '' })}
        />
        <TextInput label="Tag" placeholder="Any tag" {...text('tag')} />
      </SimpleGrid>
      <div>
        <Input.Label id="strategy" labelElement="div" display="block">
          Selection
        </Input.Label>
        <SegmentedControl
          aria-labelledby="strategy"
          value={form.strategy}
          onChange={(strategy) => onChange({ strategy })}
          data={[
            { value: 'LATEST', label: 'Latest' },
            { value: 'RANDOM', label: 'Random' },
          ]}
        />
        {errors.strategy && (
          <Text size="xs" c="red">
            {errors.strategy}
          </Text>
        )}
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label="At most"
          placeholder="100 traces"
          inputMode="numeric"
          {...text('limit')}
        />
        {form.strategy === 'RANDOM' && (
          <TextInput label="Seed" placeholder="42" inputMode="numeric" {...text('seed')} />
        )}
      </SimpleGrid>
      <SimpleGrid cols={3} spacing="sm">
        <TextInput label="Train %" inputMode="decimal" {...text('train')} />
        <TextInput label="Eval %" inputMode="decimal" {...text('eval')} />
        <TextInput label="Test %" inputMode="decimal" {...text('test')} />
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        One prompt never stands on two sides: the side is chosen by a hash of the prompt.
      </Text>
    </>
  );
}
