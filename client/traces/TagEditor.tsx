import { Button, CloseButton, Group, Text, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { joinList } from '../lib/filterWords.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Section } from '../ui/Section.tsx';
import css from './TagEditor.module.css';
import { useTagTraces } from './tagTraces.ts';

const TagEditor_Trace = graphql(`
  fragment TagEditor_Trace on Trace {
    id
    tags
    viewerCanTag
  }
`);

/** The tags of one trace; each change is stored at once. */
export function TagEditor(props: { trace: FragmentType<typeof TagEditor_Trace> }) {
  const { id, tags, viewerCanTag } = read(TagEditor_Trace, props.trace);
  const [isTagging, tagTraces] = useTagTraces();
  const [draft, setDraft] = useState('');
  const fresh = draft.trim();

  async function add(event: SyntheticEvent) {
    event.preventDefault();
    if (fresh === '') return;
    const tagged = await tagTraces([id], { add: [fresh] });
    if (tagged.length > 0) setDraft('');
  }

  return (
    <Section title="Tags" testId="tag-editor">
      <div className={css.tags}>
        {tags.length === 0 && (
          <Text size="sm" c="dimmed">
            None yet.
          </Text>
        )}
        {tags.map((tag) => (
          <span key={tag} className={css.tag}>
            <TextLink to={paths.traces({ tag: joinList([tag]) })}>{tag}</TextLink>
            {viewerCanTag && (
              <CloseButton
                size={24}
                iconSize={12}
                radius="xl"
                aria-label={`Remove tag ${tag}`}
                disabled={isTagging}
                onClick={() => void tagTraces([id], { remove: [tag] })}
              />
            )}
          </span>
        ))}
      </div>
      {viewerCanTag && (
        <form onSubmit={(event) => void add(event)}>
          <Group gap="xs" mt="sm" wrap="nowrap">
            <TextInput
              size="xs"
              aria-label="New tag"
              placeholder="New tag"
              value={draft}
              maxLength={64}
              style={{ flex: 1 }}
              onChange={(event) => setDraft(event.currentTarget.value)}
            />
            <Button
              type="submit"
              size="xs"
              variant="default"
              loading={isTagging}
              disabled={fresh === ''}
            >
              Add
            </Button>
          </Group>
        </form>
      )}
    </Section>
  );
}
