/** What one request may ask for. Published as the field `limits`; every refusal names its number. */
export const LIMITS = {
  /** Levels of fields below each other. */
  depth: 15,
  /** Fields of one operation, over all levels. */
  breadth: 500,
  /** Points: 1 for a field, times the rows that its list may give. */
  complexity: 5_000,
  aliases: 30,
  directives: 20,
  /** Words and signs of a document; the largest of our own has 500. */
  tokens: 2_000,
  /** Of the text of a document; the largest of our own has 4 KB. */
  documentBytes: 64 * 1024,
  /** Of the body of an operation. This holds 1000 traces of 16 KB; files go to `/import/…`. */
  bodyBytes: 16 * 1024 * 1024,
  /** The same from somebody who is not signed in, where access is asked for: they may ask for little. */
  strangerBodyBytes: 64 * 1024,
  /** Of a message on a socket. */
  messageBytes: 1024 * 1024,
  pageSize: 100,
  subscriptionsPerSocket: 100,
  /** From one address, where access is asked for. People behind one proxy share an address. */
  socketsPerAddress: 1_000,
} as const;
