// Reads a folder of recorded conversations. Everything is read before anything is sent, and all mistakes are reported
// together, each with its file: a replay that stops halfway has already changed the service's state.
import type { Dirent } from 'node:fs';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import type { CanonicalElement } from './canonical.ts';
import { isUnreadableXml, parseXml } from './canonical.ts';
import { decodeXml, findCharset } from './decode-xml.ts';
import type { Mask } from './mask.ts';
import { parsePlace } from './mask.ts';

export type Header = readonly [name: string, value: string];

export type RecordedRequest = {
  readonly method: string;
  /** As recorded, query included; null without headers.json. */
  readonly path: string | null;
  /** null without headers.json. */
  readonly headers: readonly Header[] | null;
  readonly body: Buffer;
};

export type RecordedReply = {
  readonly status: number;
  /** null if it was not recorded: then it is not compared. */
  readonly contentType: string | null;
  /** null for an empty body. */
  readonly root: CanonicalElement | null;
};

export type Conversation = {
  readonly name: string;
  /** Where it was read. */
  readonly folder: string;
  readonly request: RecordedRequest;
  readonly reply: RecordedReply;
  /** The folder's masks and the conversation's own. */
  readonly masks: readonly Mask[];
};

export type RecordedFolder = {
  readonly conversations: readonly Conversation[];
  readonly masks: readonly Mask[];
  /** Subfolders that hold no conversation. */
  readonly skipped: readonly string[];
};

type Mistakes = string[];

const refusal = 'FolderRefused';

export function refuseFolder(mistakes: readonly string[]): Error {
  const error = new Error(mistakes.join('\n'));
  error.name = refusal;
  return error;
}

/** Distinguishes a folder that cannot be replayed (message: one mistake a line) from a defect of ours. */
export function isFolderRefused(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === refusal;
}

/** Accepts a folder of conversations, and a folder that is itself one. */
export function readFolder(folder: string): RecordedFolder {
  if (!existsSync(folder)) throw refuseFolder([`${folder}: no such folder`]);
  if (!statSync(folder).isDirectory()) throw refuseFolder([`${folder}: not a folder`]);
  const mistakes: Mistakes = [];
  const masks = readMasks(join(folder, 'masks.json'), 'masks.json', mistakes);
  const conversations: (Conversation | null)[] = [];
  const skipped: string[] = [];
  if (holdsConversation(folder)) {
    conversations.push(readConversation(folder, basename(resolve(folder)), masks, mistakes));
  } else {
    for (const { name } of listFolders(folder)) {
      const path = join(folder, name);
      if (holdsConversation(path)) {
        const own = readMasks(join(path, 'masks.json'), `${name}/masks.json`, mistakes);
        conversations.push(readConversation(path, name, [...masks, ...own], mistakes));
      } else if (/^\d+-|__/.test(name)) mistakes.push(`${name}: neither request.xml nor response.xml in it`);
      else skipped.push(name);
    }
    if (conversations.length === 0) mistakes.push(`${folder}: no folder with request.xml and response.xml in it`);
  }
  if (mistakes.length > 0) throw refuseFolder(mistakes);
  const read = conversations.filter((conversation) => conversation !== null);
  return { conversations: read, masks: [...new Set([...masks, ...read.flatMap((one) => one.masks)])], skipped };
}

function listFolders(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .toSorted((a, b) => compareNames(a.name, b.name));
}

/** By the number in front, then by name: a recording's 10000th call comes after its 9999th. */
function compareNames(one: string, other: string): number {
  const [a, b] = [/^\d+/.exec(one)?.[0], /^\d+/.exec(other)?.[0]];
  if (a !== undefined && b !== undefined && Number(a) !== Number(b)) return Number(a) - Number(b);
  return one < other ? -1 : one > other ? 1 : 0;
}

function holdsConversation(folder: string): boolean {
  return existsSync(join(folder, 'request.xml')) || existsSync(join(folder, 'response.xml'));
}

function readConversation(
  folder: string,
  name: string,
  masks: readonly Mask[],
  mistakes: Mistakes,
): Conversation | null {
  const before = mistakes.length;
  for (const file of ['request.xml', 'response.xml']) {
    if (!existsSync(join(folder, file))) mistakes.push(`${name}/${file}: missing`);
  }
  if (mistakes.length > before) return null;
  const request = readRequest(folder, name, mistakes);
  const reply = readReply(folder, name, mistakes);
  return mistakes.length > before || reply === null ? null : { name, folder, request, reply, masks };
}

function readRequest(folder: string, name: string, mistakes: Mistakes): RecordedRequest {
  const body = readFileSync(join(folder, 'request.xml'));
  const found = readJson(join(folder, 'headers.json'), `${name}/headers.json`, mistakes);
  if (found === undefined) return { method: 'POST', path: null, headers: null, body };
  const { method = 'POST', path = null, headers = null } = readObject(found);
  const isPath = path === null || (typeof path === 'string' && path.startsWith('/'));
  if (typeof method === 'string' && /^[A-Z]+$/.test(method) && isPath && isHeaderList(headers)) {
    return { method, path, headers, body };
  }
  mistakes.push(
    `${name}/headers.json: must be { "method": "POST", "path": "/...", "headers": [["name", "value"], ...] }`,
  );
  return { method: 'POST', path: null, headers: null, body };
}

function readReply(folder: string, name: string, mistakes: Mistakes): RecordedReply | null {
  const file = `${name}/response.headers.json`;
  const found = readJson(join(folder, 'response.headers.json'), file, mistakes);
  const { status = null, headers = null } = found === undefined ? {} : readObject(found);
  const isStatus = status === null || (typeof status === 'number' && status >= 200 && status <= 599);
  if (!isStatus || !isHeaderList(headers)) {
    mistakes.push(`${file}: must be { "status": 200, "headers": [["name", "value"], ...] }`);
    return null;
  }
  const contentType = headers?.find(([header]) => header.toLowerCase() === 'content-type')?.[1] ?? null;
  const body = readBody(readFileSync(join(folder, 'response.xml')), contentType, true);
  if ('refused' in body) {
    mistakes.push(`${name}/response.xml: ${body.refused}`);
    return null;
  }
  return { status: status ?? deriveStatus(body.root), contentType, root: body.root };
}

/** The body of a recorded or a fresh reply as a canonical tree; null for an empty one. */
export function readBody(
  bytes: Uint8Array,
  contentType: string | null,
  isRecorded: boolean,
): { readonly root: CanonicalElement | null } | { readonly refused: string } {
  const decoded = decodeXml(bytes, findCharset(contentType), isRecorded);
  if ('refused' in decoded) return decoded;
  if (decoded.text.trim() === '') return { root: null };
  try {
    return { root: parseXml(decoded.text) };
  } catch (error) {
    if (isUnreadableXml(error)) return { refused: error.message };
    throw error;
  }
}

// 1C answers a fault with 500, and a refusal before the service with an exception document that has its status.
function deriveStatus(root: CanonicalElement | null): number {
  const isFault = root?.children.some((body) => body.local === 'Body' && body.children[0]?.local === 'Fault');
  if (isFault === true) return 500;
  if (root?.local !== 'exception') return 200;
  const reason = Number(root.attributes.find(({ local }) => local === 'reason')?.value);
  return Number.isInteger(reason) && reason >= 200 && reason <= 599 ? reason : 500;
}

function readMasks(path: string, file: string, mistakes: Mistakes): Mask[] {
  const found = readJson(path, file, mistakes);
  if (found === undefined) return [];
  if (!Array.isArray(found)) {
    mistakes.push(`${file}: must be a list of { "xpath": "...", "why": "..." }`);
    return [];
  }
  const masks: Mask[] = [];
  for (const [index, entry] of (found as readonly unknown[]).entries()) {
    const { xpath, why, as: boundAs = null, ...others } = readObject(entry);
    const where = `${file}: mask ${index + 1}${typeof xpath === 'string' ? ` "${xpath}"` : ''}`;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) mistakes.push(`${where}: "${unknown}" is not known here`);
    else if (typeof xpath !== 'string' || typeof why !== 'string' || why.trim() === '') {
      mistakes.push(`${where}: must have "xpath" and "why", both texts`);
    } else if (boundAs !== null && (typeof boundAs !== 'string' || boundAs === '')) {
      mistakes.push(`${where}: "as" must be a name`);
    } else {
      const place = parsePlace(xpath);
      if ('refused' in place) mistakes.push(`${where}: ${place.refused}`);
      else masks.push({ xpath, why, boundAs, file, place });
    }
  }
  return masks;
}

/** undefined if there is no such file, or it cannot be read as JSON (then a mistake is recorded). */
function readJson(path: string, file: string, mistakes: Mistakes): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) as unknown;
  } catch {
    mistakes.push(`${file}: not JSON`);
    return undefined;
  }
}

function readObject(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}

function isHeaderList(value: unknown): value is readonly Header[] | null {
  return value === null || (Array.isArray(value) && value.every(isHeader));
}

function isHeader(value: unknown): value is Header {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [name, content] = value as readonly unknown[];
  if (typeof name !== 'string' || typeof content !== 'string') return false;
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\u0020-\u007e\u0080-\u{10ffff}]*$/u.test(content);
}
