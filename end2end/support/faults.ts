import { createServer, request as ask, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What can happen to a request between the browser and the server. */
export type Fault = 'none' | 'cut-before' | 'lost-after' | 'half-an-answer' | 'unavailable' | 'bad-gateway' | 'sign-in-page';

/** A network between browser and server that does to each request what it is told. */
export class Network {
  readonly seen = new Map<Fault, number>();
  private readonly proxy: HttpServer;
  url = '';

  /** `target` is the server's address; `choose` decides about every request that submits or is needed for that. */
  constructor(
    private readonly target: () => string,
    private choose: () => Fault,
  ) {
    this.proxy = createServer((request, response) => void this.pass(request, response).catch(() => response.destroy()));
    this.proxy.keepAliveTimeout = 1000;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.proxy.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    this.choose = () => 'none';
  }

  async stop(): Promise<void> {
    this.proxy.closeAllConnections();
    await new Promise((resolve) => this.proxy.close(resolve));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = request.url!.startsWith('/api/v1') && request.method !== 'GET' ? this.choose() : 'none';
    this.seen.set(fault, (this.seen.get(fault) ?? 0) + 1);
    const body = await whole(request);
    if (fault === 'cut-before') return void request.socket.destroy();
    if (fault === 'unavailable') {
      response.writeHead(503, { 'content-type': 'application/problem+json' });
      return void response.end('{"type":"/problems/unavailable","status":503}');
    }
    if (fault === 'bad-gateway') return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    if (fault === 'sign-in-page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to our café</h1>');
    const answer = await this.forward(request, body);
    if (!answer || fault === 'lost-after') return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers);
    if (fault !== 'half-an-answer') return void response.end(answer.body);
    response.write(answer.body.subarray(0, answer.body.length / 2), () => request.socket.destroy());
  }

  private forward(request: IncomingMessage, body: Buffer) {
    return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer } | undefined>((resolve) => {
      const { method, url: path, headers } = request;
      const passed = ask(this.target() + path, { method, headers, agent: false }, async (answer) => {
        try {
          resolve({ status: answer.statusCode!, headers: answer.headers, body: await whole(answer) });
        } catch {
          resolve(undefined);
        }
      });
      passed.on('error', () => resolve(undefined));
      passed.end(body);
    });
  }
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
