// Pages and files as HTTP sends them.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';
import type { Download } from './page.ts';

/** @returns how many bytes were sent. */
export function sendHtml(response: Response, status: number, page: VNode): number {
  const bytes = Buffer.from(`<!doctype html>${render(page)}`);
  response.status(status).set('Content-Type', 'text/html; charset=utf-8').end(bytes);
  return bytes.length;
}

/** Ends without an error where the client goes away: the bytes are then no longer asked for. */
export async function sendDownload(response: Response, { name, contentType, bytes }: Download): Promise<number> {
  response.status(200).set({
    'Content-Type': contentType,
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  });
  let sent = 0;
  async function* count(): AsyncGenerator<string | Uint8Array> {
    for await (const piece of bytes) {
      sent += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
      yield piece;
    }
  }
  try {
    await pipeline(Readable.from(count()), response);
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw reason;
  }
  return sent;
}
