const PATHS = {
  home: 'M3 10.5 12 3l9 7.5V21h-6v-6H9v6H3z',
  traces: 'M4 6h10M4 12h16M4 18h7',
  datasets:
    'M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zm0 0v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  runs: 'M6 4l14 8-14 8z',
  board: 'M4 20V10h4v10M10 20V4h4v16M16 20v-7h4v7',
  baseline: 'M12 3l7 3v6c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6zM9 12l2 2 4-4',
  runners: 'M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01',
  api: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 4l-3 16',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  info: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5M12 8h.01',
  clock: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2',
  stop: 'M7 7h10v10H7z',
  down: 'M12 5v14M6 13l6 6 6-6',
  up: 'M12 19V5M6 11l6-6 6 6',
  right: 'M9 6l6 6-6 6',
  filter: 'M4 5h16l-6 8v6l-4-2v-4z',
  questions: 'M4 5h16v12H9l-5 4zM9 9.5a3 2 0 114 2l-1 1M12 14.5h.01',
  swap: 'M7 4v16M7 20l-3-3M7 20l3-3M17 20V4M17 4l-3 3M17 4l3 3',
  minus: 'M5 12h14',
  menu: 'M4 6h16M4 12h16M4 18h16',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  edit: 'M4 20h4L19 9l-4-4L4 16z',
  key: 'M4 6h16v12H4zM8 14h8M8 10h.01M12 10h.01M16 10h.01',
  plus: 'M12 5v14M5 12h14',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  moon: 'M20 14.5A8.5 8.5 0 119.5 4 7 7 0 0020 14.5z',
  system: 'M3 5h18v11H3zM8 20h8M12 16v4',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  upload: 'M12 16V4M7 9l5-5 5 5M4 20h16',
  download: 'M12 4v12M7 11l5 5 5-5M4 20h16',
  bell: 'M6 16V11a6 6 0 1112 0v5l2 2H4zM10 21h4',
  search: 'M11 4a7 7 0 100 14 7 7 0 000-14zM16 16l5 5',
  spin: 'M12 3a9 9 0 019 9',
  equal: 'M6 10h12M6 15h12',
  user: 'M12 4a4 4 0 100 8 4 4 0 000-8zM4 21c.6-4 3.6-6 8-6s7.400 2 8 6',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 5a2 2 0 100 4 2 2 0 000-4zM9 15a2 2 0 100 4 2 2 0 000-4z',
  audit: 'M6 3h9l4 4v14H6zM9 10h6M9 14h6M9 18h3',
} as const;

export type IconName = keyof typeof PATHS;

/** Decorative: the text beside it carries the meaning. */
export function Icon(props: { name: IconName; size?: number }) {
  const size = props.size ?? 16;
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none' }}
    >
      <path d={PATHS[props.name]} />
    </svg>
  );
}
