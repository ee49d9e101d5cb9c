import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The release binary; `end2end/run` says where it is. */
const BINARY = process.env.ALLOT_BINARY ?? join(__dirname, '../../target/release/allot');

/** A server of its own: free port, own data directory, no limits unless a test wants them. */
export class Server {
  readonly data = mkdtempSync(join(tmpdir(), 'allot-e2e-'));
  url = '';
  private process: ChildProcess | undefined;

  constructor(private readonly environment: Record<string, string> = {}) {}

  private get variables(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      ALLOT_SITE_ROOT: process.env.ALLOT_SITE_ROOT,
      DATABASE_URL: `sqlite:${this.database}`,
      ALLOT_SUBMISSIONS_PER_HOUR: '0',
      ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR: '0',
      ...this.environment,
    };
  }

  private get database(): string {
    return join(this.data, 'allot.sqlite');
  }

  /** Starts it, on the port that it had before if it had one. */
  async start(): Promise<void> {
    const address = this.url ? new URL(this.url).host : '127.0.0.1:0';
    const server = spawn(BINARY, ['serve'], {
      cwd: this.data,
      env: { ...this.variables, ALLOT_ADDR: address },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = server;
    this.url = await new Promise<string>((resolve, reject) => {
      let output = '';
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const match = /listens on (http:\/\/\S+)/.exec(output);
        if (match) resolve(match[1]);
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.once('exit', (code) => reject(new Error(`allot serve ended with ${code}:\n${output}`)));
      server.once('error', reject);
      setTimeout(() => reject(new Error(`allot serve said nothing for 30 s:\n${output}`)), 30_000).unref();
    });
  }

  /** Another command of the program on the same data, while the server is stopped. */
  command(...words: string[]): void {
    execFileSync(BINARY, words, { cwd: this.data, env: this.variables, stdio: 'pipe' });
  }

  /** Closes a budget behind the program's back, while the server is stopped. */
  close(budget: string): void {
    const script = 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute("UPDATE budget SET closed = 1 WHERE slug = ?", sys.argv[2:]); c.commit()';
    execFileSync('python3', ['-c', script, this.database, budget]);
  }

  /** Ends the process and waits for its end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const server = this.process;
    this.process = undefined;
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }
}
