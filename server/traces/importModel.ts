/** What an import is told, what it answers, and what can go wrong with it. */
import { z } from 'zod';
import type { ImportStatus } from '../../prisma/generated/client/enums.ts';
import { DomainError } from '../errors.ts';
import { displayable, head, text } from '../lib/text.ts';
import { FORMATS } from './importFormat.ts';
import { TraceMapping } from './mapping.ts';
import { TraceLabels } from './model.ts';
import type { LineIssue } from './readRecord.ts';

export const ImportOptions = z.strictObject({
  /** Names the import: the same key goes on with it, or repeats its result. */
  key: text(1, 128).nullish(),
  /** Whether the body is packed with gzip. */
  isGzip: z.boolean().default(false),
  /** Where the body begins in the file, in unpacked bytes. */
  offset: z.int().min(0).default(0),
  name: z
    .string()
    .nullish()
    .transform((name) => (name ? head(displayable(name), 256) : null)),
  ...TraceLabels.shape,
  format: z.enum(FORMATS).default('AUTO'),
  mapping: TraceMapping.nullish(),
  /** So many refused lines are put up with; without it, any number. */
  maxErrors: z.int().min(0).nullish(),
  /** Size of the whole file in unpacked bytes, when it is known. */
  totalBytes: z.int().min(0).nullish(),
});

export type ImportOptions = z.output<typeof ImportOptions>;

/** What decides about the result; an import that goes on must agree in all of it. */
export const decidingOptions = (options: ImportOptions) => ({
  source: options.source ?? null,
  tags: options.tags ?? [],
  format: options.format,
  mapping: options.mapping ?? null,
  maxErrors: options.maxErrors ?? null,
});

export type DecidingOptions = ReturnType<typeof decidingOptions>;

export type ImportCounts = {
  /** Records read, blank lines not counted: stored + duplicates + rejected. */
  lines: number;
  stored: number;
  duplicates: number;
  rejected: number;
  /** Bytes of the file whose records are stored for certain. */
  bytes: number;
  /** Refused lines by the first rule they break. */
  rejectedByCode: Record<string, number>;
  /** The first 1000 refused lines, the first broken rule of each. */
  report: LineIssue[];
};

export type ImportResult = ImportCounts & {
  importId: string;
  key: string | null;
  status: ImportStatus;
  /** Whether the import was complete before, so that nothing was read. */
  repeated: boolean;
};

export type ImportFaultCode =
  | 'KEY_CONFLICT'
  | 'OFFSET_AHEAD'
  | 'IMPORT_TAKEN_OVER'
  | 'IMPORT_CANCELLED'
  | 'TOO_MANY_ERRORS'
  | 'DATABASE_AWAY'
  | (string & {});

/** Why an import does not begin or does not go on, with the bytes that are safely stored. */
export class ImportFault extends DomainError {
  readonly code: ImportFaultCode;
  readonly bytes: number | undefined;
  /** What was done before, when anything was. */
  result: ImportResult | undefined;
  constructor(code: ImportFaultCode, message: string, bytes?: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.bytes = bytes;
  }
}

export const REPORT_LINES = 1000;
