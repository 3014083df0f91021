// A client that is only a socket: it sends exactly the bytes it is given, over HTTP/1.0 or 1.1, and reads the replies one
// after another, so that a test may keep a connection, pipeline, cut a body short or wait for 100 Continue.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

export interface WireReply {
  readonly httpVersion: string;
  readonly status: number;
  readonly reason: string;
  /** In the order they came; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export function headerOf(reply: WireReply, name: string): string | undefined {
  return reply.headers.find(([known]) => known === name)?.[1];
}

interface Head {
  readonly reply: Omit<WireReply, 'body'>;
  readonly length: number;
}

const headEnd = Buffer.from('\r\n\r\n');

export class Wire {
  private readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private hasEnded = false;
  /** Whether the peer ended the connection by a reset: a reply not yet read may then be lost on other systems. */
  wasReset = false;
  private wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake();
    });
    const end = (): void => {
      this.hasEnded = true;
      this.wake();
    };
    socket.on('end', end);
    socket.on('close', end);
    // A reset is an end as well: what had come until then is what the test looks at.
    socket.on('error', (reason: NodeJS.ErrnoException) => {
      this.wasReset ||= reason.code === 'ECONNRESET';
      end();
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<Wire> {
    const socket = connect({ port, host, noDelay: true, allowHalfOpen: true });
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** @throws if there is no TLS between the two. */
  static async openTls(port: number, options: ConnectionOptions): Promise<{ wire: Wire; socket: TLSSocket }> {
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ...options });
    await once(socket, 'secureConnect');
    return { wire: new Wire(socket), socket };
  }

  /** Resolves when the bytes have been handed over; a peer that no longer reads is no error. */
  send(...pieces: readonly (string | Buffer)[]): Promise<void> {
    return new Promise((resolve) => {
      const bytes = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
      if (!this.socket.writable) resolve();
      else this.socket.write(bytes, () => resolve());
    });
  }

  /** Says that nothing more will be sent; replies can still be read. */
  endSending(): void {
    this.socket.end();
  }

  close(): void {
    this.socket.destroy();
  }

  /** Whether the peer has ended the connection, all its replies read. */
  get isEnded(): boolean {
    return this.hasEnded && this.received.length === 0;
  }

  /** Whether the peer has ended the connection, whatever it had sent. */
  get isClosed(): boolean {
    return this.hasEnded;
  }

  /** Waits for the peer to end the connection; whatever it had still sent is returned. */
  async ended(): Promise<Buffer> {
    while (!this.hasEnded) await this.more();
    return this.received;
  }

  /** The next reply, a 1xx one included; undefined where the peer ended the connection without one. */
  async next(isHead = false): Promise<WireReply | undefined> {
    let head = this.parseHead();
    while (head === undefined) {
      if (this.hasEnded) return undefined;
      await this.more();
      head = this.parseHead();
    }
    const { reply, length } = head;
    this.received = this.received.subarray(length);
    const hasNoBody = isHead || reply.status < 200 || reply.status === 204 || reply.status === 304;
    return { ...reply, body: hasNoBody ? Buffer.alloc(0) : await this.readBody({ ...reply, body: this.received }) };
  }

  private async readBody(reply: WireReply): Promise<Buffer> {
    const declared = headerOf(reply, 'content-length');
    if (declared !== undefined) return this.take(Number(declared));
    if (headerOf(reply, 'transfer-encoding') === 'chunked') return this.readChunks();
    const body = await this.ended();
    this.received = Buffer.alloc(0);
    return body;
  }

  private async readChunks(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (;;) {
      const size = Number.parseInt((await this.takeLine()).toString('latin1'), 16);
      const chunk = await this.take(size);
      await this.takeLine();
      if (size === 0) return Buffer.concat(chunks);
      chunks.push(chunk);
    }
  }

  private async takeLine(): Promise<Buffer> {
    let end = this.received.indexOf('\r\n');
    while (end === -1) {
      if (this.hasEnded) throw new Error('the connection ended inside a chunked reply');
      await this.more();
      end = this.received.indexOf('\r\n');
    }
    const line = this.received.subarray(0, end);
    this.received = this.received.subarray(end + 2);
    return line;
  }

  private async take(length: number): Promise<Buffer> {
    while (this.received.length < length) {
      if (this.hasEnded) throw new Error(`the connection ended after ${this.received.length} of ${length} bytes`);
      await this.more();
    }
    const taken = this.received.subarray(0, length);
    this.received = this.received.subarray(length);
    return taken;
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private parseHead(): Head | undefined {
    const end = this.received.indexOf(headEnd);
    if (end === -1) return undefined;
    const [statusLine = '', ...lines] = this.received.toString('latin1', 0, end).split('\r\n');
    const match = /^HTTP\/(\d\.\d) (\d{3}) ?(.*)$/.exec(statusLine);
    if (match === null) throw new Error(`no status line: ${statusLine}`);
    const headers = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
    const [, httpVersion = '', status, reason = ''] = match;
    return { reply: { httpVersion, status: Number(status), reason, headers }, length: end + headEnd.length };
  }
}

/** A request's head as it goes over the wire; header values are written in UTF-8. */
export function writeHead(
  method: string,
  path: string,
  headers: readonly (readonly [name: string, value: string])[],
  httpVersion = 'HTTP/1.1',
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} ${httpVersion}\r\n${lines.join('')}\r\n`;
}

/** A body in chunks of `size` bytes, with the last chunk. */
export function writeChunks(body: Buffer, size: number): Buffer {
  const pieces: Buffer[] = [];
  for (let from = 0; from < body.length; from += size) {
    const piece = body.subarray(from, from + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}
