import { Chip, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import type { TraceMappingInput } from '../gql/graphql.ts';
import { MAPPED_PARTS, missingOf, toMapping, withPart } from './mapping.ts';

/** Which field of the source record becomes which part of the trace. */
export function MappingEditor(props: {
  fields: readonly string[];
  mapping: TraceMappingInput;
  onChange: (mapping: TraceMappingInput | undefined) => void;
}) {
  const { fields, mapping } = props;
  const meta = mapping.meta ?? [];
  const taken: unknown[] = MAPPED_PARTS.map(({ part }) => mapping[part]);
  const rest = fields.filter((field) => !taken.includes(field));
  const missing = missingOf(mapping);
  return (
    <Stack gap="sm" data-testid="mapping-editor">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        {MAPPED_PARTS.map(({ part, label, needed }) => (
          <Select
            key={part}
            size="xs"
            label={label}
            placeholder={needed ? 'Choose a field' : 'None'}
            clearable
            searchable
            // A path may reach deeper than the fields that are listed.
            data={[...new Set([...fields, ...(mapping[part] ? [mapping[part]] : [])])]}
            value={mapping[part] ?? null}
            onChange={(field) => props.onChange(toMapping(withPart(mapping, part, field)))}
          />
        ))}
      </SimpleGrid>
      {rest.length > 0 && (
        <div>
          <Text size="xs" fw={500} mb={4}>
            Keep as metadata
          </Text>
          <Chip.Group
            multiple
            value={[...meta]}
            onChange={(next) => props.onChange(toMapping({ ...mapping, meta: next }))}
          >
            <Group gap={6}>
              {rest.map((field) => (
                <Chip key={field} size="xs" value={field}>
                  {field}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </div>
      )}
      {missing && (
        <Text size="xs" c="var(--rt-warn)" role="status">
          {missing}
        </Text>
      )}
    </Stack>
  );
}
