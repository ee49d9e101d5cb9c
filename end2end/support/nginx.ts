import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const SHIPPED = join(__dirname, '../../deploy/nginx');
/** Debian keeps it off the path of those who don't administrate. */
const BINARY = '/usr/sbin/nginx';

/** nginx with the configuration that is shipped; only what belongs to one machine is this test's. */
export async function nginx(folder: string, address: string, processes: string[]): Promise<ChildProcess> {
  cpSync(SHIPPED, folder, { recursive: true });
  const local = join(folder, 'local/http.conf');
  writeFileSync(local, ofThisTest(readFileSync(local, 'utf8'), processes, folder));
  writeFileSync(join(folder, 'local/listen.conf'), `listen ${address};\n`);
  // The workers own what this test's folder holds; only a run as root asks who they are.
  writeFileSync(join(folder, 'local/main.conf'), 'user root;\n');
  const server = spawn(BINARY, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log'), '-g', `pid ${folder}/pid; daemon off;`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await listening(address, server);
  return server;
}

/** The shipped example; what it says of its first process goes for each of ours. */
function ofThisTest(example: string, processes: string[], folder: string): string {
  const lines = example.split('\n').flatMap((line) => {
    const [, port, rest] = /^\s*server 127\.0\.0\.1:(\d+)(.*)$/.exec(line) ?? [];
    if (!port) return [line];
    return port === '3001' ? processes.map((address) => `server ${address}${rest}`) : [];
  });
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
  return [...lines, ...kinds].join('\n').replaceAll('/var/cache/nginx/', `${folder}/cache-`).replaceAll('/var/log/nginx/', `${folder}/`);
}

async function listening(address: string, server: ChildProcess): Promise<void> {
  const { hostname, port } = new URL(`http://${address}`);
  const deadline = Date.now() + 20_000;
  while (server.exitCode === null && Date.now() < deadline) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
  }
  throw new Error('nginx does not start');
}
