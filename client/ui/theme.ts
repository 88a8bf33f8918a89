import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const indigo: MantineColorsTuple = [
  '#eef0ff',
  '#dcdff9',
  '#b7bcf0',
  '#8f97e6',
  '#6e78de',
  '#5965d9',
  '#4d5ad7',
  '#3d4abf',
  '#3541ac',
  '#2a3798',
];

const dark: MantineColorsTuple = [
  '#dfe1e6',
  '#b4b8c2',
  '#9a9fac',
  '#6a7080',
  '#3b404c',
  '#2a2e38',
  '#1c1f27',
  '#14161c',
  '#0f1116',
  '#0a0b0f',
];

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 5 },
  colors: { indigo, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  focusRing: 'auto',
});

/** Secondary text has to reach 4.5:1 on both backgrounds; the library's defaults do not. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a6070',
    '--mantine-color-placeholder': '#6b7180',
    '--mantine-color-anchor': '#3541ac',
    '--mantine-color-error': '#b42318',
    '--mantine-color-body': '#fbfbfc',
    '--rt-surface': '#ffffff',
    '--rt-line': '#e4e6eb',
    '--rt-sunken': '#f3f4f7',
    '--rt-good': '#17713b',
    '--rt-bad': '#b42318',
    '--rt-warn': '#8a5300',
    '--rt-info': '#3541ac',
    '--rt-idle': '#5a6070',
  },
  dark: {
    '--mantine-color-dimmed': '#9a9fac',
    '--mantine-color-placeholder': '#868c99',
    '--mantine-color-anchor': '#9ba3f0',
    '--mantine-color-error': '#ff8177',
    '--mantine-color-body': '#0f1116',
    '--rt-surface': '#14161c',
    '--rt-line': '#2a2e38',
    '--rt-sunken': '#0b0d11',
    '--rt-good': '#4ac27a',
    '--rt-bad': '#ff8177',
    '--rt-warn': '#e0a84b',
    '--rt-info': '#9ba3f0',
    '--rt-idle': '#9a9fac',
  },
});
