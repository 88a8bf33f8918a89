import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { graphql } from '../gql/index.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';

const DatasetSelect_Query = graphql(`
  query DatasetSelect_Query($text: String) {
    datasets(filter: { text: $text }, first: 50) {
      edges {
        node {
          id
          key
        }
      }
    }
  }
`);

/** Chooses a dataset by key; what is typed is searched for, so that any of them can be found. */
export function DatasetSelect(props: {
  label: string;
  value: string | undefined;
  onChange: (key: string | undefined) => void;
  placeholder?: string;
  error?: string | undefined;
  clearable?: boolean;
  /** Keys that come first, such as versions of the same name. */
  first?: readonly string[];
}) {
  const [typed, setTyped] = useState(props.value ?? '');
  const [settled] = useDebouncedValue(typed, 250);
  const text = settled === props.value ? '' : settled.trim();
  const { data, error, refetch } = usePartQuery({
    query: DatasetSelect_Query,
    variables: { text },
  });
  const found = data?.datasets.edges.map(({ node }) => node.key) ?? [];
  const keys = [
    ...new Set([...(props.first ?? []), ...(props.value ? [props.value] : []), ...found]),
  ];
  return (
    <Select
      label={props.label}
      placeholder={props.placeholder}
      searchable
      clearable={props.clearable ?? false}
      data={keys}
      value={props.value ?? null}
      error={
        props.error ?? (error && 'The datasets could not be read. Open the list to try again.')
      }
      onDropdownOpen={() => error && refetch()}
      onSearchChange={setTyped}
      onChange={(key) => props.onChange(key ?? undefined)}
      nothingFoundMessage="No dataset has such a name"
    />
  );
}
