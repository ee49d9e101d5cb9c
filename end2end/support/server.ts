import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDatabase } from './database';
import { nginx } from './nginx';

/** The release binary; `end2end/run` says where it is. */
const BINARY = process.env.ALLOT_BINARY ?? join(__dirname, '../../target/release/allot');

/** Behind nginx there are several processes over one PostgreSQL, as in production; without it one over SQLite. */
const THROUGH_NGINX = process.env.ALLOT_THROUGH === 'nginx';
const PROCESSES = THROUGH_NGINX ? 3 : 1;

/** A server of its own: free ports, own data, no limits unless a test wants them. */
export class Server {
  readonly data = mkdtempSync(join(tmpdir(), 'allot-e2e-'));
  /** What browsers open. */
  url = '';
  /** Of each process. */
  private addresses: string[] = [];
  private running: ChildProcess[] = [];
  private proxy?: ChildProcess;
  /** The address of its database. */
  readonly database: string;

  /** With a copy of all that `template` has, which must not be running. */
  constructor(
    private readonly environment: Record<string, string> = {},
    template?: Server,
  ) {
    if (template) cpSync(template.data, this.data, { recursive: true });
    this.database = THROUGH_NGINX ? newDatabase(template?.database) : `sqlite:${join(this.data, 'allot.sqlite')}`;
  }

  private get variables(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      ALLOT_SITE_ROOT: process.env.ALLOT_SITE_ROOT,
      DATABASE_URL: this.database,
      ALLOT_SUBMISSIONS_PER_HOUR: '0',
      ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR: '0',
      // Only the test of measuring has any visits measured.
      ALLOT_WEB_VITALS: '0',
      ...(THROUGH_NGINX && {
        ALLOT_SECRET: 'the same in every process of one server',
        ALLOT_TRUSTED_PROXIES: '127.0.0.1',
        REDIS_URL: process.env.ALLOT_E2E_REDIS,
      }),
      ...this.environment,
    };
  }

  /** Starts it, on the ports that it had before if it had some. */
  async start(): Promise<void> {
    // One after the other: the first makes the tables.
    for (let number = 0; number < PROCESSES; number++) {
      this.addresses[number] = await this.startProcess(this.addresses[number] ?? '127.0.0.1:0');
    }
    if (!THROUGH_NGINX) {
      this.url = `http://${this.addresses[0]}`;
      return;
    }
    const address = this.url ? new URL(this.url).host : await freeAddress();
    this.proxy = await nginx(join(this.data, 'nginx'), address, this.addresses);
    this.running.unshift(this.proxy);
    this.url = `http://${address}`;
  }

  private async startProcess(address: string): Promise<string> {
    const server = spawn(BINARY, ['serve'], {
      cwd: this.data,
      env: { ...this.variables, ALLOT_ADDR: address },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.running.push(server);
    return new Promise<string>((resolve, reject) => {
      let output = '';
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const match = /listens on http:\/\/(\S+)/.exec(output);
        if (match) resolve(match[1]);
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.once('exit', (code) => reject(new Error(`allot serve ended with ${code}:\n${output}`)));
      server.once('error', reject);
      setTimeout(() => reject(new Error(`allot serve said nothing for 30 s:\n${output}`)), 30_000).unref();
    });
  }

  /**
   * What the processes themselves answer to a `GET`, past nginx and what it keeps: whatever was acknowledged is in the
   * answer of the process that did it.
   */
  async ask(path: string): Promise<Response[]> {
    return Promise.all(this.addresses.map((address) => fetch(`http://${address}${path}`)));
  }

  /** Another command of the program on the same data, while the server is stopped. */
  command(...words: string[]): void {
    execFileSync(BINARY, words, { cwd: this.data, env: this.variables, stdio: 'pipe' });
  }

  /** Ends its processes and waits for their end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = this.running.splice(0).filter((process) => process.exitCode === null);
    await Promise.all(
      running.map((process) => {
        const ended = new Promise((resolve) => process.once('exit', resolve));
        // nginx takes its workers along, who listen as well, only when it is asked to end.
        process.kill(process === this.proxy ? 'SIGTERM' : signal);
        return ended;
      }),
    );
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** An address that nobody listens on. */
async function freeAddress(): Promise<string> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return `127.0.0.1:${address.port}`;
}
