import { closeSync, existsSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { closeDatabase, damageDatabase } from './database';
import type { Server } from './server';

// What happens to the database of a server. It doesn't get well again.

const FILE = 'allot.sqlite';

const isFile = ({ database }: Server) => database.startsWith('sqlite:');

/** Nothing in it can be read any more. */
export function damage(server: Server): void {
  if (isFile(server)) damageFile(server);
  else damageDatabase(server.database);
}

function damageFile({ data }: Server): void {
  for (const path of [FILE, `${FILE}-wal`].map((name) => join(data, name)).filter((path) => existsSync(path))) {
    // In place: what a process has mapped into its memory must not get shorter.
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(statSync(path).size));
    closeSync(file);
  }
}

/** It is away. Connections that are open would still have it: they find it damaged, and end. */
export function takeAway(server: Server): void {
  if (!isFile(server)) return closeDatabase(server.database);
  damageFile(server);
  rmSync(join(server.data, FILE));
}
