import { graphql } from '../gql/index.ts';
import { MayPage } from '../lib/MayPage.tsx';
import { NotFound } from '../lib/NotFound.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { emptyDatasetForm } from './datasetForm.ts';
import { excludedByRecipe, filterOfRecipe, formOfRecipe } from './fromRecipe.ts';
import { NewDatasetForm } from './NewDatasetForm.tsx';
import { nextVersion } from './nextVersion.ts';

const NewDatasetPage_Query = graphql(`
  query NewDatasetPage_Query($parent: String!, $hasParent: Boolean!) {
    dataset(key: $parent) @include(if: $hasParent) {
      id
      key
      name
      version
      recipe
      versions {
        id
        version
      }
      latestCheck {
        id
      }
    }
  }
`);

/** The build form, empty or begun from the recipe of the version that the URL names as parent. */
export function NewDatasetPage() {
  return (
    <MayPage scope="DATASETS_WRITE" title="Build a dataset">
      <NewDataset />
    </MayPage>
  );
}

function NewDataset() {
  const [url] = useUrlState('parent');
  const hasParent = url.parent !== undefined;
  const { data, loading } = usePageQuery({
    query: NewDatasetPage_Query,
    variables: { parent: url.parent ?? '', hasParent },
  });
  const parent = data?.dataset;
  // The form takes its first values once, so it waits for them.
  if (!data || (hasParent && !parent && loading)) return <LoadingPage />;
  if (hasParent && !parent) return <NotFound what="dataset" back={paths.newDataset()} />;
  return (
    <Page
      title={parent ? `Next version of ${parent.key}` : 'Build a dataset'}
      description="Selects over all matching traces. The same recipe gives the same content hash."
    >
      {parent ? (
        <NewDatasetForm
          key={parent.key}
          initial={{
            ...formOfRecipe(parent.recipe),
            name: parent.name,
            version: nextVersion(
              parent.version,
              parent.versions.map(({ version }) => version),
            ),
          }}
          initialFilter={filterOfRecipe(parent.recipe)}
          parent={{
            key: parent.key,
            excluded: excludedByRecipe(parent.recipe),
            checkId: parent.latestCheck?.id,
          }}
        />
      ) : (
        <NewDatasetForm initial={emptyDatasetForm} initialFilter={{}} parent={undefined} />
      )}
    </Page>
  );
}
