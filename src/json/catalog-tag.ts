// The ETag of a catalog: it names the content of the list, so that a client need not fetch it again, and does not change what
// it has not seen.
import { createHash } from 'node:crypto';

export function writeTag(body: object): string {
  return `"${createHash('sha1').update(JSON.stringify(body)).digest('base64url')}"`;
}

/** Compared here: Express takes `Cache-Control: no-cache`, which fetch adds by itself, for a wish to have it all again. */
export function isTagIn(tag: string, header = ''): boolean {
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
