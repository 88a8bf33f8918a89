/** Loads the page anew. On its own, as a test can put no other `location` in place of the browser's. */
export const reloadPage = (): void => location.reload();
