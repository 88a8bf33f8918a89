/** How the page calls itself, for the log, the numbers and the audit of the server. */
export const CLIENT = 'tunix-rt-ui';

/** The same as headers; a socket says it in its first message. */
export const CLIENT_HEADERS = { 'x-graphql-client-name': CLIENT };
