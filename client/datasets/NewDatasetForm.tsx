import { Button, Grid, Group, Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Problem } from '../lib/problem.ts';
import { tellDone } from '../lib/tell.ts';
import { FILTER_KEYS, type FilterUrl, toTraceFilter, traceWords } from '../lib/traceFilter.ts';
import { useUrlState } from '../lib/url.ts';
import { paths } from '../paths.ts';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { BuildProgress } from './BuildProgress.tsx';
import { DatasetFields } from './DatasetFields.tsx';
import { type DatasetForm, placeProblem, toInput } from './datasetForm.ts';
import { ExcludeNotice } from './ExcludeNotice.tsx';
import { FilterSection } from './FilterSection.tsx';
import css from './NewDatasetForm.module.css';
import { SelectionPreview } from './SelectionPreview.tsx';
import { useBuild } from './useBuild.ts';
import { useExcludedFindings } from './useExcludedFindings.ts';

type Parent = { key: string; excluded: readonly string[]; checkId: string | undefined };

const hasWord = (url: FilterUrl) => FILTER_KEYS.some((key) => url[key]);

/** Which traces, how many on which side, under which name; and what that comes to. */
export function NewDatasetForm(props: {
  initial: DatasetForm;
  initialFilter: FilterUrl;
  parent: Parent | undefined;
}) {
  const { parent, initialFilter } = props;
  const router = useRouter();
  const [url, setUrl] = useUrlState('exclude', 'rules', ...FILTER_KEYS);
  const [form, setForm] = useState(props.initial);
  const [problem, setProblem] = useState<Problem>();
  const { build, progress, isBuilding } = useBuild();
  const findings = useExcludedFindings(parent?.checkId, url.exclude, url.rules);

  // The filter lives in the URL. A parent's is put there once; a filter that came along wins.
  const [isPrefilled, setPrefilled] = useState(hasWord(url) || !hasWord(initialFilter));
  useEffect(() => {
    if (isPrefilled) return;
    setUrl(initialFilter);
    setPrefilled(true);
  }, [isPrefilled, initialFilter, setUrl]);
  const filter = toTraceFilter(isPrefilled ? url : initialFilter);

  const exclude =
    findings.count > 0 || parent?.excluded.length
      ? { ...findings.exclude, contentHashes: [...(parent?.excluded ?? [])] }
      : undefined;
  const { input, errors: local } = toInput(form, { filter, exclude, parentKey: parent?.key });
  const placed = problem ? placeProblem(problem) : { errors: {}, rest: [] };
  const isNamed = input.name !== '' && input.version !== '';
  // A condition with a fault is left out of the filter: building would take more than was meant.
  const isUnclear = traceWords.conditionsOf(url).some(({ fault }) => fault !== undefined);
  const hasFault = isUnclear || Object.keys(local).length > 0;
  const isReady = !findings.isReading && findings.error === undefined;
  const canBuild = isNamed && !hasFault && isReady && !isBuilding;

  function change(part: Partial<DatasetForm>) {
    setForm((before) => ({ ...before, ...part }));
    setProblem(undefined);
  }

  async function submit() {
    const built = await build(input);
    if ('key' in built) {
      tellDone(`Built ${built.key}`);
      router.history.push(paths.dataset(built.key));
    } else setProblem(built.problem);
  }

  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="lg">
          <FilterSection
            url={url}
            onChange={(next) => {
              const words = FILTER_KEYS.map((key) => [key, next[key]]);
              setUrl(Object.fromEntries(words));
              setProblem(undefined);
            }}
          />
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (canBuild) void submit();
            }}
            data-testid="new-dataset-form"
          >
            <Stack gap="lg">
              {parent && (
                <ExcludeNotice
                  parentKey={parent.key}
                  kept={parent.excluded.length}
                  findings={findings}
                  onClear={() => setUrl({ exclude: undefined, rules: undefined })}
                />
              )}
              <DatasetFields
                form={form}
                errors={{ ...placed.errors, ...local }}
                onChange={change}
                parentKey={parent?.key}
              />
              {placed.rest.length > 0 && (
                <Notice tone="bad" testId="form-problem">
                  {placed.rest.join('; ')}
                </Notice>
              )}
              {progress && <BuildProgress progress={progress} />}
              <Group justify="flex-end">
                <Button
                  type="submit"
                  loading={isBuilding}
                  disabled={!canBuild}
                  data-testid="submit"
                >
                  Build {isNamed ? `${input.name}-${input.version}` : ''}
                </Button>
              </Group>
            </Stack>
          </form>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <div className={css.beside}>
          <Section title="What would be taken">
            <SelectionPreview input={input} isPaused={hasFault || findings.isReading} />
          </Section>
        </div>
      </Grid.Col>
    </Grid>
  );
}
