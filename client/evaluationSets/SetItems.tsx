import { Select } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { useUrlState } from '../lib/url.ts';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import css from './EvaluationSetPage.module.css';
import { SetItemRows, SetItemRows_Query } from './SetItemRows.tsx';

const SetItems_EvaluationSet = graphql(`
  fragment SetItems_EvaluationSet on EvaluationSet {
    id
    key
    sections {
      value
      count
    }
    categories {
      value
      count
    }
    difficulties {
      value
      count
    }
  }
`);

type Facet = { readonly value: string; readonly count: number };

function FacetSelect(props: {
  label: string;
  facets: readonly Facet[];
  value: string | undefined;
  onChange: (value: string | null) => void;
}) {
  if (props.facets.length === 0) return null;
  return (
    <Select
      size="xs"
      w={170}
      aria-label={props.label}
      placeholder={`Any ${props.label.toLowerCase()}`}
      clearable
      data={props.facets.map(({ value, count }) => ({
        value,
        label: `${value} (${formatCount(count)})`,
      }))}
      value={props.value ?? null}
      onChange={props.onChange}
    />
  );
}

/** The questions of a set, by section, category and difficulty where it has them. */
export function SetItems(props: { set: FragmentType<typeof SetItems_EvaluationSet> }) {
  const set = read(SetItems_EvaluationSet, props.set);
  const [url, setUrl] = useUrlState('section', 'category', 'difficulty');
  const { section, category, difficulty } = url;
  return (
    <Section
      source={SetItemRows_Query}
      title="Items"
      flush
      aside={
        <div className={css.filters}>
          <FacetSelect
            label="Section"
            facets={set.sections}
            value={section}
            onChange={(value) => setUrl({ section: value })}
          />
          <FacetSelect
            label="Category"
            facets={set.categories}
            value={category}
            onChange={(value) => setUrl({ category: value })}
          />
          <FacetSelect
            label="Difficulty"
            facets={set.difficulties}
            value={difficulty}
            onChange={(value) => setUrl({ difficulty: value })}
          />
        </div>
      }
    >
      <Table
        caption="Items"
        testId="set-items-table"
        columns={[
          { name: 'Id', wide: true },
          { name: 'Question' },
          { name: 'Expected' },
          { name: 'Section', wide: true },
          { name: 'Category', wide: true },
          { name: 'Difficulty', wide: true },
        ]}
      >
        <SetItemRows
          setKey={set.key}
          section={section}
          category={category}
          difficulty={difficulty}
        />
      </Table>
    </Section>
  );
}
