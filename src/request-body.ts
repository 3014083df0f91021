// The bytes of a request's body, within a limit on the declared, the received and the unpacked length.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

export class BodyTooLarge extends Error {}

/** A packed body that does not unpack; the message is in Russian and fit for the caller. */
export class BodyPackedWrong extends Error {}

/** The client went away, or ended the connection before the length it had declared. */
export class BodyCutShort extends Error {}

const unpackers = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate) } as const;

/**
 * The bytes of a request's body as they come, from the moment that it is made. In a request that has not been admitted yet
 * Node keeps the beginning of a body itself, and to hand that over later costs more than to take it at once.
 */
export class ArrivingBody {
  private readonly request: IncomingMessage;
  private readonly limitBytes: number;
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private trouble: Error | undefined;
  private isWhole = false;
  /** Set while somebody waits for it. */
  private onEnd: (() => void) | undefined;

  constructor(request: IncomingMessage, limitBytes: number) {
    this.request = request;
    this.limitBytes = limitBytes;
    const declared = request.headers['content-length'];
    if (declared !== undefined && Number(declared) > limitBytes) this.trouble = new BodyTooLarge();
    // Its client has gone while its password was checked.
    else if (request.socket.destroyed) this.trouble = new BodyCutShort();
    else this.listen();
  }

  /** @throws BodyTooLarge, BodyCutShort, or BodyPackedWrong. */
  async read(): Promise<Buffer> {
    if (!this.isWhole && this.trouble === undefined) await new Promise<void>((resolve) => (this.onEnd = resolve));
    if (this.trouble !== undefined) throw this.trouble;
    const { chunks } = this;
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    const coding = this.request.headers['content-encoding'];
    return coding === undefined ? body : unpack(body, coding.trim().toLowerCase(), this.limitBytes);
  }

  private listen(): void {
    const { request } = this;
    request.on('data', (chunk: Buffer) => {
      this.size += chunk.length;
      if (this.size > this.limitBytes) this.fail(new BodyTooLarge());
      else this.chunks.push(chunk);
    });
    request.on('end', () => {
      this.isWhole = true;
      this.onEnd?.();
    });
    // It comes after the end too. Where it has a listener, Node tells of no error beside it.
    request.on('close', () => {
      if (!this.isWhole) this.fail(new BodyCutShort());
    });
  }

  private fail(trouble: Error): void {
    this.trouble ??= trouble;
    this.onEnd?.();
  }
}

/** @throws BodyTooLarge, BodyCutShort, or BodyPackedWrong. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new ArrivingBody(request, limitBytes).read();
}

/** Node itself keeps as much of a request that nobody reads. */
const keptAnywayBytes = 16 * 1024;

/**
 * Begins to take a body that is small, before it is known whether its sender may call at all: no more memory is held than
 * Node would hold. Undefined for a body that may be larger: it waits in the network.
 */
export function takeSmallBody(request: IncomingMessage, limitBytes: number): ArrivingBody | undefined {
  const declared = Number(request.headers['content-length']);
  return declared <= keptAnywayBytes ? new ArrivingBody(request, limitBytes) : undefined;
}

/** How much is still read, and dropped, of a request that has its answer already. */
export interface RestLimits {
  readonly bytes: number;
  readonly ms: number;
}

export const restLimits: RestLimits = { bytes: 2 * 1024 ** 2, ms: 30_000 };

/**
 * Reads the rest of a request that is answered without it: its client may write all before it reads, and can then go on
 * using the connection. If the body is longer than the limits, or takes longer, the connection is closed.
 */
export function discardRest(request: IncomingMessage, limits: RestLimits = restLimits): void {
  const { headers, socket } = request;
  if (request.complete || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined))
    return;
  const cut = (): void => void socket.destroy();
  const timer = setTimeout(cut, limits.ms).unref();
  // Not at the request's own `close`: Node emits it with the end of the answer.
  const stop = (): void => {
    clearTimeout(timer);
    socket.off('close', stop);
  };
  let left = limits.bytes;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) cut();
  });
  request.once('end', stop);
  socket.once('close', stop);
}

/** How much is still read, and dropped, of a request that is too large. */
const lingerBytes = 64 * 1024 ** 2;

/**
 * Answers a request that is too large. The answer is sent at once, and the connection is closed later: otherwise a client
 * that writes its whole body before it reads would get a reset, and on Windows lose the answer.
 */
export function refuseLarge(
  request: IncomingMessage,
  response: ServerResponse,
  answer: { readonly contentType: string; readonly text: string },
): void {
  response.writeHead(413, {
    Connection: 'close',
    'Content-Type': answer.contentType,
    'Content-Length': Buffer.byteLength(answer.text),
  });
  response.write(answer.text);
  const end = (): void => void response.end();
  if (request.readableEnded) {
    end();
    return;
  }
  const timer = setTimeout(end, restLimits.ms).unref();
  let left = lingerBytes;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) end();
  });
  request.once('end', end);
  request.once('close', end);
  response.once('close', () => clearTimeout(timer));
}

/** What both services say of it. */
export function describeTooLarge(limitBytes: number): string {
  return `Запрос больше допустимого размера (${limitBytes} байт): отправьте его частями`;
}

async function unpack(body: Buffer, coding: string, limitBytes: number): Promise<Buffer> {
  if (coding === 'identity' || coding === '') return body;
  if (!Object.hasOwn(unpackers, coding)) {
    throw new BodyPackedWrong('Тело запроса сжато неизвестным способом: ожидается gzip или deflate');
  }
  try {
    return await unpackers[coding as keyof typeof unpackers](body, { maxOutputLength: limitBytes });
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge();
    throw new BodyPackedWrong('Сжатое тело запроса повреждено');
  }
}
