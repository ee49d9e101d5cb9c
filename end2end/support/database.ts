import { execFileSync } from 'node:child_process';

let made = 0;

/** What says something on the PostgreSQL that `end2end/run` started. */
function psql(database: string, ...statements: string[]): void {
  const folder = process.env.ALLOT_E2E_POSTGRES;
  if (!folder) throw new Error('ALLOT_THROUGH=nginx needs the PostgreSQL that end2end/run starts');
  const commands = statements.flatMap((statement) => ['-c', statement]);
  execFileSync('psql', ['-h', folder, '-U', 'allot', '-d', database, '-v', 'ON_ERROR_STOP=1', '-q', ...commands], { stdio: 'pipe' });
}

const nameOf = (url: string) => new URL(url).pathname.slice(1);

/** A database there, empty or with what another one holds, which nobody may be using; it goes with the server. */
export function newDatabase(template?: string): string {
  const name = `e2e_${process.pid}_${made++}`;
  psql('postgres', `CREATE DATABASE ${name} TEMPLATE ${template === undefined ? 'template0' : nameOf(template)}`);
  return `postgres://allot@localhost/${name}?host=${process.env.ALLOT_E2E_POSTGRES}`;
}

/** Its submissions can't be read any more. */
export function damageDatabase(url: string): void {
  psql(nameOf(url), 'ALTER TABLE submission RENAME TO gone');
}

/** Nobody has a connection to it any more, or gets one. */
export function closeDatabase(url: string): void {
  const name = nameOf(url);
  psql('postgres', `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
}
