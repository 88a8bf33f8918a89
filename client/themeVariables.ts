/**
 * The variables of our theme as a style sheet, in the place of the library's defaults, so that the
 * first page needs no code to write them. Colours that nothing is made of are left out.
 */
import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  type MantineTheme,
  mergeMantineTheme,
} from '@mantine/core';
import type { Plugin } from 'vite';
import { cssVariables, theme } from './ui/theme.ts';

const COLORS = ['dark', 'gray', 'red', 'green', 'yellow', 'indigo'];

export function themeSheet(): string {
  const whole = mergeMantineTheme(DEFAULT_THEME, theme);
  const colors = Object.fromEntries(
    Object.entries(whole.colors).filter(([name]) => COLORS.includes(name)),
  ) as MantineTheme['colors'];
  const used = { ...whole, colors };
  const base = defaultCssVariablesResolver(used);
  const ours = cssVariables(used);
  const scheme = (name: string) => ({ '--mantine-color-scheme': name });
  return convertCssVariables(
    {
      variables: { ...base.variables, ...ours.variables },
      light: { ...base.light, ...ours.light, ...scheme('light') },
      dark: { ...base.dark, ...ours.dark, ...scheme('dark') },
    },
    ':root',
  );
}

export const themeVariables = (): Plugin => ({
  name: 'tunix-rt:theme-variables',
  enforce: 'pre',
  load: (id) => (id.endsWith('/styles/default-css-variables.css') ? themeSheet() : null),
});
