// An answer in JSON, with its length.
import type { ServerResponse } from 'node:http';

export const jsonContentType = 'application/json; charset=utf-8';

/** @returns the bytes of the answer. */
export function sendJson(response: ServerResponse, status: number, body: object): number {
  return sendText(response, status, jsonContentType, JSON.stringify(body));
}

export function sendText(response: ServerResponse, status: number, contentType: string, text: string): number {
  const bytes = Buffer.byteLength(text);
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': bytes });
  response.end(text);
  return bytes;
}
