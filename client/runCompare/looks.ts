/** How the curves of up to ten runs look. The second five are dashed: colour alone would not do. */
type Look = { light: string; dark: string; dash?: number[] };

const COLORS: readonly Look[] = [
  { light: '#3d4abf', dark: '#8f9bff' },
  { light: '#b4501a', dark: '#f0a868' },
  { light: '#17713b', dark: '#4ac27a' },
  { light: '#a3236e', dark: '#f08bc4' },
  { light: '#0b7285', dark: '#5cc7da' },
];

export const LOOKS: readonly Look[] = [
  ...COLORS,
  ...COLORS.map((look) => ({ ...look, dash: [6, 4] })),
];
