import { closeSync, existsSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './server';

// What happens to the file of a server on SQLite. The server doesn't get well again.

const FILE = 'allot.sqlite';

/** Nothing in it can be read any more. */
export function damage({ data }: Server): void {
  for (const path of [FILE, `${FILE}-wal`].map((name) => join(data, name)).filter((path) => existsSync(path))) {
    // In place: what a process has mapped into its memory must not get shorter.
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(statSync(path).size));
    closeSync(file);
  }
}

/** It is away. Connections that are open would still have it: they find it damaged, and end. */
export function takeAway(server: Server): void {
  damage(server);
  rmSync(join(server.data, FILE));
}
