import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { graphiqlUrl } from '../lib/equivalents.ts';
import { useViewer } from '../lib/viewer.ts';
import { Code } from '../ui/Code.tsx';
import { type Example, exampleIn, LANGUAGES, type Language } from './examples.ts';

/** One example in the language that was chosen last. */
export function Equivalents(props: { example: Example; onOpen?: (url: string) => void }) {
  const { example, onOpen } = props;
  const [language, setLanguage] = useLocalStorage<Language>({
    key: 'tunix-rt-language',
    defaultValue: 'GraphQL',
    getInitialValueInEffect: false,
  });
  const authRequired = useViewer()?.authRequired ?? false;
  const url = graphiqlUrl(example.asked);
  return (
    <Stack gap="xs" data-testid="equivalents">
      <Group gap="xs" justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="Language"
          value={language}
          onChange={setLanguage}
          data={[...LANGUAGES]}
        />
        {onOpen ? (
          <Button size="compact-sm" variant="default" onClick={() => onOpen(url)}>
            Open in GraphiQL
          </Button>
        ) : (
          <Button component="a" href={url} target="_blank" size="compact-sm" variant="default">
            Open in GraphiQL
          </Button>
        )}
      </Group>
      <Code label={`${language}: ${example.name}`}>
        {exampleIn(language, example, { origin: location.origin, authRequired })}
      </Code>
    </Stack>
  );
}
