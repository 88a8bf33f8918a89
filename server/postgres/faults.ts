/** Why a database cannot be used, said to whoever wrote its DATABASE_URL. */
import { isOutage } from '../lib/outage.ts';

export type DatabaseFault = {
  /** `away` may be better later; `refused` is for DATABASE_URL to mend; `failed` is for the database. */
  kind: 'away' | 'refused' | 'failed';
  /** What is wrong, and what to do. No password is in it. */
  message: string;
};

type Mending = [kind: DatabaseFault['kind'], remedy: string];

const CREDENTIALS = 'Correct the user and the password in DATABASE_URL.';

/** By the SQLSTATE of what PostgreSQL says. */
const SAID: Record<string, Mending> = {
  '28P01': ['refused', CREDENTIALS],
  '28000': ['refused', 'Correct user and sslmode in DATABASE_URL, or let it in by pg_hba.conf.'],
  '3D000': ['refused', 'Name a database that is there in DATABASE_URL, or create this one.'],
  '42501': ['refused', 'Name the owner of the tables in DATABASE_URL.'],
  '25006': ['refused', 'Name a server in DATABASE_URL that can be written to.'],
  '42P01': ['failed', 'It lacks tables of this version: run `npm run migrate` first.'],
  '53100': ['failed', 'Free space on its disk.'],
  '53300': ['away', 'Try again later, or raise its max_connections.'],
};

const NO_WAY = /^(EHOST|ENET)UNREACH$/;
const BAD_CERTIFICATE = /^(SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|CERT_|ERR_TLS_)/;

type Shape = {
  code?: unknown;
  message?: unknown;
  /** Of what PostgreSQL itself says. */
  severity?: unknown;
  address?: unknown;
  port?: unknown;
  hostname?: unknown;
  /** Of a name with several addresses: one for each. */
  errors?: Shape[];
  cause?: unknown;
};

/** What is wrong with the database; null for an error that is none of its. */
export function databaseFaultOf(error: unknown): DatabaseFault | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code = '', message, severity, cause, errors } = error as Shape;
  const inner = cause === error ? null : databaseFaultOf(cause);
  if (inner) return inner;
  const said = String(message);
  const [kind, remedy] = SAID[String(code)] ?? [];
  if (kind) return { kind, message: `The database says: ${said}. ${remedy}` };
  const refused = (what: string): DatabaseFault => ({ kind: 'refused', message: what });
  if (BAD_CERTIFICATE.test(String(code))) {
    return refused(
      `The certificate of the database is not trusted (${code}). Name its authority as sslrootcert in ` +
        'DATABASE_URL.',
    );
  }
  if (said === 'The server does not support SSL connections') {
    return refused('The database does not speak TLS. Set sslmode=disable in DATABASE_URL.');
  }
  if (said.startsWith('SASL: ')) return refused(`The database wants a password. ${CREDENTIALS}`);
  if (!isOutage(error) && !NO_WAY.test(String(code))) return null;
  const where = whereOf(errors?.[0] ?? (error as Shape));
  const why = severity || !code ? said : String(code);
  return {
    kind: 'away',
    message: `The database${where} cannot be reached: ${why}. Start it, or correct DATABASE_URL.`,
  };
}

function whereOf({ address, port, hostname }: Shape): string {
  if (address !== undefined) return ` at ${address}, port ${port},`;
  return hostname === undefined ? '' : ` at ${hostname}`;
}
