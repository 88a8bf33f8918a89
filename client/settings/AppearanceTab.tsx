import { SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { density, useDensity } from '../lib/density.ts';
import { chooseTimeZone, timeZone } from '../lib/timeZone.ts';
import { oneOf } from '../lib/url.ts';
import { Section } from '../ui/Section.tsx';
import css from './AppearanceTab.module.css';

const SCHEMES = ['auto', 'light', 'dark'] as const;
const DENSITIES = ['comfortable', 'compact'] as const;

function Choice(props: { name: string; means: string; children: ReactNode }) {
  return (
    <div className={css.choice}>
      <div>
        <Text size="sm" fw={550}>
          {props.name}
        </Text>
        <Text size="xs" c="dimmed">
          {props.means}
        </Text>
      </div>
      {props.children}
    </div>
  );
}

/** How the pages look in this browser; nothing of it is stored on the server. */
export function AppearanceTab() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const rows = useDensity();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Section title="In this browser" testId="appearance">
      <Stack gap="lg">
        <Choice name="Colours" means="As the system is, or always light or dark">
          <SegmentedControl
            aria-label="Colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(oneOf(SCHEMES, value) ?? 'auto')}
            data={[
              { value: 'auto', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </Choice>
        <Choice name="Density" means="How close the rows of lists and tables stand">
          <SegmentedControl
            aria-label="Density"
            value={rows}
            onChange={(value) => density.choose(oneOf(DENSITIES, value) ?? 'comfortable')}
            data={[
              { value: 'comfortable', label: 'Comfortable' },
              { value: 'compact', label: 'Compact' },
            ]}
          />
        </Choice>
        <Choice name="Time zone" means="In which times of day and dates are written">
          <SegmentedControl
            aria-label="Time zone"
            value={timeZone ?? ''}
            onChange={(value) => chooseTimeZone(value === 'UTC' ? 'UTC' : undefined)}
            data={[
              { value: '', label: here === 'UTC' ? 'Browser' : here.replaceAll('_', ' ') },
              { value: 'UTC', label: 'UTC' },
            ]}
          />
        </Choice>
      </Stack>
    </Section>
  );
}
