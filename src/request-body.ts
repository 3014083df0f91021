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
 * @throws BodyTooLarge, BodyCutShort, or BodyPackedWrong.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) > limitBytes) throw new BodyTooLarge();
  const body = await collect(request, limitBytes);
  const coding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  return coding === 'identity' || coding === '' ? body : unpack(body, coding, limitBytes);
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

function collect(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) reject(new BodyTooLarge());
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', () => reject(new BodyCutShort()));
    request.on('aborted', () => reject(new BodyCutShort()));
  });
}

async function unpack(body: Buffer, coding: string, limitBytes: number): Promise<Buffer> {
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
