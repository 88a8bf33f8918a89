/** Setup of every client test: a busy machine may need seconds for what a component does at once. */
// Only where components are drawn: the library takes a while to load.
if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: 20_000 });
}

export {};
