import { execFileSync } from 'node:child_process';

let made = 0;

/** An empty database on the PostgreSQL that `end2end/run` started; it goes with it. */
export function newDatabase(): string {
  const folder = process.env.ALLOT_E2E_POSTGRES;
  if (!folder) throw new Error('ALLOT_THROUGH=nginx needs the PostgreSQL that end2end/run starts');
  const name = `e2e_${process.pid}_${made++}`;
  execFileSync('psql', ['-h', folder, '-U', 'allot', '-d', 'postgres', '-qc', `CREATE DATABASE ${name} TEMPLATE template0`], { stdio: 'pipe' });
  return `postgres://allot@localhost/${name}?host=${folder}`;
}
