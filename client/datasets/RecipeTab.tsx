import { SimpleGrid, Stack } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { May } from '../lib/May.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Section } from '../ui/Section.tsx';
import css from './RecipeTab.module.css';
import { recipeWords } from './recipeWords.ts';

const RecipeTab_Dataset = graphql(`
  fragment RecipeTab_Dataset on Dataset {
    id
    key
    contentHash
    recipe
    provenance
  }
`);

const hasAny = (value: unknown) => Object.keys(value ?? {}).length > 0;

/** How the dataset was selected, in words and as it is stored. */
export function RecipeTab(props: { dataset: FragmentType<typeof RecipeTab_Dataset> }) {
  const dataset = read(RecipeTab_Dataset, props.dataset);
  return (
    <Stack gap="md">
      <Section title="In words">
        <ol className={css.words} data-testid="recipe-words">
          {recipeWords(dataset.recipe).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
        <p className={css.hash}>
          Content hash <Mono>{dataset.contentHash}</Mono>
        </p>
        <May scope="DATASETS_WRITE">
          <TextLink to={paths.newDataset({ parent: dataset.key })}>
            Build the next version from this recipe
          </TextLink>
        </May>
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Section title="Recipe">
          <Code label="recipe">{asJson(dataset.recipe)}</Code>
        </Section>
        <Section title="Provenance">
          {hasAny(dataset.provenance) ? (
            <Code label="provenance">{asJson(dataset.provenance)}</Code>
          ) : (
            'Nothing was noted when it was built.'
          )}
        </Section>
      </SimpleGrid>
    </Stack>
  );
}
