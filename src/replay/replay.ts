// Replays a folder of recorded conversations against a service and reports where its replies differ from the recorded
// ones. Conversations are sent one after another, in their order: each may need the state that the one before it left.
import type { Bindings } from './bindings.ts';
import { bindPlaces, putFreshValues } from './bindings.ts';
import { formatElement } from './canonical.ts';
import type { Comparison, Difference, ReplyForms } from './compare.ts';
import { compareTrees } from './compare.ts';
import type { Conversation } from './folder.ts';
import { readBody, readFolder, refuseFolder } from './folder.ts';
import type { Mask } from './mask.ts';
import { findMaskedNodes } from './mask.ts';
import { findSavingMistake, openSaving, type Saving } from './save.ts';
import type { Connection, Credentials, Reply } from './send.ts';
import { openConnection } from './send.ts';

export type ConversationResult = {
  readonly name: string;
  /** `failed`: no reply came at all, or one after which no other can be expected. */
  readonly outcome: 'ok' | 'differs' | 'failed';
  readonly differences: readonly Difference[];
  /** Masked places whose values differ. */
  readonly silenced: number;
  /** Why no reply came, or none that can be compared, in words. */
  readonly failure: string | null;
};

export type ReplaySummary = {
  /** Those that were sent. */
  readonly conversations: number;
  readonly ok: number;
  readonly differs: number;
  readonly failed: number;
  readonly differences: number;
  readonly silenced: number;
  /** Why the run was stopped before its end, in words. */
  readonly stopped: string | null;
  /** Conversations chosen and not sent, because the run was stopped. */
  readonly notSent: number;
  /** Masks that named nothing in any recorded reply: left over, or misspelt. */
  readonly unusedMasks: readonly Mask[];
  /** Subfolders that hold no conversation. */
  readonly skipped: readonly string[];
};

export type ReplayOptions = {
  readonly folder: string;
  /** http or https; without a path, each request goes to its recorded path. */
  readonly target: URL | string;
  readonly credentials: Credentials | null;
  /** For one request and its reply. */
  readonly timeoutMs: number;
  /** Which values have several forms. */
  readonly forms: ReplyForms;
  /** Conversations whose names contain one of these; empty = all. */
  readonly only: readonly string[];
  /** Where the fresh replies are kept. */
  readonly saveTo: string | null;
  readonly onResult?: (result: ConversationResult) => void;
};

const shownBytes = 2000;

type Run = {
  readonly connection: Connection;
  readonly bindings: Bindings;
  readonly forms: ReplyForms;
  readonly saving: Saving | null;
};

/** Throws (see isFolderRefused) before anything is sent if the one folder cannot be read, or the other one cannot be written. */
export async function replayFolder(options: ReplayOptions): Promise<ReplaySummary> {
  const { folder, only, saveTo, forms } = options;
  const recorded = readFolder(folder);
  const chosen = chooseConversations(recorded.conversations, only);
  const mistake = saveTo === null ? null : findSavingMistake(saveTo);
  if (mistake !== null) throw refuseFolder([mistake]);
  const saving = saveTo === null ? null : openSaving(saveTo, folder);
  const connection = openConnection(new URL(options.target), options.credentials, options.timeoutMs);
  const run: Run = { connection, bindings: new Map(), forms, saving };
  const results: ConversationResult[] = [];
  let stopped: string | null = null;
  try {
    for (const conversation of chosen) {
      const { result, stops } = await replayConversation(conversation, run);
      results.push(result);
      options.onResult?.(result);
      if (!stops) continue;
      stopped = result.failure;
      break;
    }
  } finally {
    connection.close();
  }
  const count = (outcome: ConversationResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const used = findUsedMasks(recorded.conversations);
  return {
    conversations: results.length,
    ok: count('ok'),
    differs: count('differs'),
    failed: count('failed'),
    differences: results.reduce((sum, result) => sum + result.differences.length, 0),
    silenced: results.reduce((sum, result) => sum + result.silenced, 0),
    stopped,
    notSent: chosen.length - results.length,
    unusedMasks: recorded.masks.filter((mask) => !used.has(mask)),
    skipped: recorded.skipped,
  };
}

function chooseConversations(all: readonly Conversation[], only: readonly string[]): readonly Conversation[] {
  if (only.length === 0) return all;
  const lost = only.filter((text) => !all.some(({ name }) => name.includes(text)));
  if (lost.length > 0) throw refuseFolder(lost.map((text) => `no conversation has "${text}" in its name`));
  return all.filter(({ name }) => only.some((text) => name.includes(text)));
}

/** In any conversation, sent or not: a mask is left over only if no recorded reply has its place. */
function findUsedMasks(conversations: readonly Conversation[]): ReadonlySet<Mask> {
  const used = new Set<Mask>();
  for (const { reply, masks } of conversations) {
    if (reply.root === null) continue;
    for (const mask of findMaskedNodes(reply.root, masks).used) used.add(mask);
  }
  return used;
}

type Replayed = { readonly result: ConversationResult; readonly stops: boolean };

async function replayConversation(conversation: Conversation, run: Run): Promise<Replayed> {
  const { name, folder, request, reply: recorded } = conversation;
  const sent = { ...request, body: putFreshValues(request.body, run.bindings) };
  const answer = await run.connection.send(sent);
  const fail = (failure: string, stops: boolean): Replayed => {
    return { result: { name, outcome: 'failed', differences: [], silenced: 0, failure }, stops };
  };
  if ('failure' in answer) return fail(answer.failure, false);
  const isRefused = Object.hasOwn(refusalHints, answer.status) && answer.status !== recorded.status;
  if (isRefused) return fail(describeRefusal(answer), true);
  run.saving?.save(name, folder, sent, answer);
  const { differences: found, maskedPlaces } = compareReply(conversation, answer, run.forms);
  const differences = [...found, ...bindPlaces(run.bindings, maskedPlaces)];
  const silenced = maskedPlaces.filter(({ isSame }) => !isSame).length;
  const outcome = differences.length === 0 ? 'ok' : 'differs';
  return { result: { name, outcome, differences, silenced, failure: null }, stops: false };
}

/** The wrong user or address: every other request would get the same answer, and be reported as a difference. */
const refusalHints: Readonly<Record<number, string>> = {
  401: 'look at --user',
  403: 'look at the role of --user',
  404: 'look at the path of --target and the infobase named in it',
};

/** With the text of 1C's exception document, or of the page that came instead. */
function describeRefusal({ status, contentType, body }: Reply): string {
  const read = readBody(body, contentType, false);
  const root = 'root' in read ? read.root : null;
  const description = root?.children.find(({ local }) => local === 'descr')?.text;
  const text = description ?? body.toString('utf8', 0, shownBytes).replaceAll(/<[^<>]*>/g, ' ');
  const line = text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return `the service answered ${status}${line === '' ? '' : `: ${line}`} (${refusalHints[status]})`;
}

/** Status first, then Content-Type if it was recorded, then the body. */
export function compareReply(conversation: Conversation, reply: Reply, forms: ReplyForms): Comparison {
  const { reply: recorded, masks } = conversation;
  const differences: Difference[] = [];
  if (recorded.status !== reply.status) {
    const [expected, actual] = [String(recorded.status), String(reply.status)];
    differences.push({ kind: 'different', path: 'HTTP status', expected, actual });
  }
  const [expectedType, actualType] = [recorded.contentType, reply.contentType];
  if (expectedType !== null && normalizeContentType(expectedType) !== normalizeContentType(actualType ?? '')) {
    const kind = actualType === null ? 'missing' : 'different';
    differences.push({ kind, path: 'HTTP Content-Type', expected: expectedType, actual: actualType });
  }
  const body = readBody(reply.body, reply.contentType, false);
  const expected = recorded.root === null ? null : formatElement(recorded.root);
  if ('refused' in body) {
    const actual = reply.body.toString('utf8', 0, shownBytes);
    differences.push({ kind: 'different', path: '/', expected: expected ?? '', actual, note: body.refused });
  } else if (recorded.root !== null && body.root !== null) {
    const trees = compareTrees(recorded.root, body.root, masks, forms);
    return { differences: [...differences, ...trees.differences], maskedPlaces: trees.maskedPlaces };
  } else if (recorded.root !== null) {
    differences.push({ kind: 'missing', path: `/${recorded.root.name}`, expected, actual: null });
  } else if (body.root !== null) {
    differences.push({ kind: 'extra', path: `/${body.root.name}`, expected, actual: formatElement(body.root) });
  }
  return { differences, maskedPlaces: [] };
}

/** Small letters, no blanks, no quotes: `text/xml;charset="UTF-8"` equals `text/xml; charset=utf-8`. */
function normalizeContentType(contentType: string): string {
  return contentType.toLowerCase().replaceAll(/[\s"]/g, '');
}
