import {
  Input,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { ChangeEvent } from 'react';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Section } from '../ui/Section.tsx';
import type { DatasetErrors, DatasetForm } from './datasetForm.ts';
import { VersionHint } from './VersionHint.tsx';

export function DatasetFields(props: {
  form: DatasetForm;
  errors: DatasetErrors;
  onChange: (part: Partial<DatasetForm>) => void;
  parentKey: string | undefined;
}) {
  const { form, errors, onChange, parentKey } = props;
  const text = (name: Exclude<keyof DatasetForm, 'strategy'>) => ({
    name,
    value: form[name],
    error: errors[name],
    autoComplete: 'off',
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <>
      <Section title="How many, and on which side">
        <Stack gap="md">
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
        </Stack>
      </Section>
      <Section title="What it is called">
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput label="Name" placeholder="arithmetic" required {...text('name')} />
            <div>
              <TextInput label="Version" placeholder="v1" required {...text('version')} />
              <VersionHint
                name={form.name.trim()}
                version={form.version.trim()}
                onTake={(version) => onChange({ version })}
              />
            </div>
          </SimpleGrid>
          {parentKey && (
            <Text size="xs" c="dimmed">
              Made from{' '}
              <TextLink to={paths.dataset(parentKey)} mono>
                {parentKey}
              </TextLink>
              , which stays as it is.
            </Text>
          )}
          <Textarea
            label="Note"
            description="Why this dataset exists; kept as its provenance."
            autosize
            minRows={2}
            {...text('note')}
          />
        </Stack>
      </Section>
    </>
  );
}
