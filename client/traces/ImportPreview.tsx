import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import type { TraceMappingInput, TraceShape } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatCount, plural } from '../lib/format.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './ImportPreview.module.css';
import { type ImportFile, readSample } from './importFile.ts';
import { MappingEditor } from './MappingEditor.tsx';
import { toMapping } from './mapping.ts';

const ImportPreview_Query = graphql(`
  query ImportPreview_Query($sample: String!, $mapping: TraceMappingInput) {
    importPreview(sample: $sample, mapping: $mapping) {
      format
      fields
      shape
      suggestedMapping {
        prompt
        finalAnswer
        steps
        traceVersion
        meta
      }
      rows {
        line
        shape
        trace {
          prompt
          finalAnswer
          steps {
            i
          }
        }
        issues {
          line
          code
          message
          path
        }
      }
    }
  }
`);

const SHAPES: Record<TraceShape, string> = {
  TRACE: 'traces',
  PREDECESSOR_TRACE: 'traces of the predecessor',
  PREDECESSOR_SFT: 'training lines of the predecessor',
  PREDECESSOR_EXAMPLE: 'examples of the predecessor',
  API_RECORD: 'traces as the API answers them',
  QUESTION_ANSWER: 'questions with answers',
  MAPPED: 'read by your mapping',
  UNKNOWN: 'records of a shape that is not known',
};

type Sample = { file: ImportFile; text?: string; fault?: string };

/** The first 256 KB of a file, read here; nothing is uploaded for it but this sample. */
function useSample(file: ImportFile): Sample {
  const [sample, setSample] = useState<Sample>({ file });
  useEffect(() => {
    let isWanted = true;
    readSample(file).then(
      (text) => isWanted && setSample({ file, text }),
      () => isWanted && setSample({ file, fault: 'This is no readable gzip file.' }),
    );
    return () => {
      isWanted = false;
    };
  }, [file]);
  return sample.file === file ? sample : { file };
}

/** How the first records will be read, and a way to read them differently. */
export function ImportPreview(props: {
  file: ImportFile;
  mapping: TraceMappingInput | undefined;
  onMapping: (mapping: TraceMappingInput | undefined) => void;
}) {
  const { mapping, onMapping } = props;
  const { text, fault } = useSample(props.file);
  const [wantsMapping, setWantsMapping] = useState(false);
  const [{ data, error, fetching, stale }, execute] = useQuery({
    query: ImportPreview_Query,
    variables: { sample: text ?? '', mapping },
    pause: text === undefined,
    requestPolicy: 'network-only',
  });
  const preview = data?.importPreview;
  const isMapping = wantsMapping || mapping !== undefined || preview?.shape === 'UNKNOWN';
  const suggested = preview?.suggestedMapping;
  useEffect(() => {
    // What the editor shows is what happens.
    if (isMapping && mapping === undefined && suggested) onMapping(toMapping(suggested));
  }, [isMapping, mapping, suggested, onMapping]);
  if (fault) return <Notice tone="bad" title={fault} testId="preview-failed" />;
  if (error) {
    return <ErrorNotice error={error} onRetry={() => execute()} testId="preview-failed" />;
  }
  if (!preview) return <LoadingRows rows={4} />;
  const { rows, shape, fields } = preview;
  const bad = rows.filter(({ issues }) => issues.length > 0).length;
  return (
    <Stack gap="sm" data-testid="import-preview" style={{ opacity: fetching || stale ? 0.7 : 1 }}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Tag tone={shape === 'UNKNOWN' ? 'warn' : 'info'}>{SHAPES[shape]}</Tag>
          <Text size="xs" c="dimmed" role="status">
            The first {plural(rows.length, 'record')}
            {bad > 0 ? `, ${formatCount(bad)} of them with problems` : ', all readable'}
          </Text>
        </Group>
        {fields.length > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-expanded={isMapping}
            onClick={() => {
              setWantsMapping(!isMapping);
              if (isMapping) onMapping(undefined);
            }}
            data-testid="toggle-mapping"
          >
            {isMapping ? 'Read as recognised' : 'Map fields…'}
          </Button>
        )}
      </Group>
      {isMapping && <MappingEditor fields={fields} mapping={mapping ?? {}} onChange={onMapping} />}
      <div className={css.scroll}>
        <ol className={css.rows}>
          {rows.map((row) => (
            <li key={row.line} className={css.row} data-testid="preview-row">
              <span className={css.line}>{row.line}</span>
              <div className={css.text}>
                {row.trace && (
                  <>
                    <div className={css.prompt}>{row.trace.prompt}</div>
                    <div className={css.answer}>
                      → {row.trace.finalAnswer} · {plural(row.trace.steps.length, 'step')}
                    </div>
                  </>
                )}
                {row.issues.map((issue, index) => (
                  <div key={index} className={css.issue}>
                    {issue.message}
                  </div>
                ))}
              </div>
            </li>
          ))}
        </ol>
      </div>
    </Stack>
  );
}
