// Replays a folder of recorded conversations against a service and tells where its replies differ from the recorded
// ones. Conversations are sent one after another, in their order: each may rest on the state the one before it left.
import type { Bindings } from './bindings.ts';
import { bindPlaces, putFreshValues } from './bindings.ts';
import { formatElement, isSameValue } from './canonical.ts';
import type { Comparison, Difference } from './compare.ts';
import { compareTrees } from './compare.ts';
import type { Conversation } from './folder.ts';
import { readBody, readFolder } from './folder.ts';
import type { Mask } from './mask.ts';
import { findMaskedNodes } from './mask.ts';
import type { Connection, Credentials, Reply } from './send.ts';
import { openConnection } from './send.ts';

export type ConversationResult = {
  readonly name: string;
  /** `failed`: no reply came at all. */
  readonly outcome: 'ok' | 'differs' | 'failed';
  readonly differences: readonly Difference[];
  /** Masked places whose values did differ. */
  readonly silenced: number;
  /** Why no reply came, in words. */
  readonly failure: string | null;
};

export type ReplaySummary = {
  readonly conversations: number;
  readonly ok: number;
  readonly differs: number;
  readonly failed: number;
  readonly differences: number;
  readonly silenced: number;
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
  readonly onResult?: (result: ConversationResult) => void;
};

const shownBytes = 2000;

/** Throws (see isFolderRefused) before anything is sent where the folder cannot be read. */
export async function replayFolder(options: ReplayOptions): Promise<ReplaySummary> {
  const recorded = readFolder(options.folder);
  const connection = openConnection(new URL(options.target), options.credentials, options.timeoutMs);
  const bindings: Bindings = new Map();
  const used = new Set<Mask>();
  const results: ConversationResult[] = [];
  try {
    for (const conversation of recorded.conversations) {
      const { root } = conversation.reply;
      if (root !== null) for (const mask of findMaskedNodes(root, conversation.masks).used) used.add(mask);
      const result = await replayConversation(conversation, connection, bindings);
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    connection.close();
  }
  const count = (outcome: ConversationResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    conversations: results.length,
    ok: count('ok'),
    differs: count('differs'),
    failed: count('failed'),
    differences: results.reduce((sum, result) => sum + result.differences.length, 0),
    silenced: results.reduce((sum, result) => sum + result.silenced, 0),
    unusedMasks: recorded.masks.filter((mask) => !used.has(mask)),
    skipped: recorded.skipped,
  };
}

async function replayConversation(
  conversation: Conversation,
  connection: Connection,
  bindings: Bindings,
): Promise<ConversationResult> {
  const { name, request } = conversation;
  const answer = await connection.send({ ...request, body: putFreshValues(request.body, bindings) });
  if ('failure' in answer) return { name, outcome: 'failed', differences: [], silenced: 0, failure: answer.failure };
  const { differences: found, maskedPlaces } = compareReply(conversation, answer);
  const differences = [...found, ...bindPlaces(bindings, maskedPlaces)];
  const silenced = maskedPlaces.filter((place) => !isSameValue(place.expected, place.actual)).length;
  return { name, outcome: differences.length === 0 ? 'ok' : 'differs', differences, silenced, failure: null };
}

/** Status first, then Content-Type where it was recorded, then the body. */
export function compareReply(conversation: Conversation, reply: Reply): Comparison {
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
  const body = readBody(reply.body, reply.contentType);
  const expected = recorded.root === null ? null : formatElement(recorded.root);
  if ('refused' in body) {
    const actual = reply.body.toString('utf8', 0, shownBytes);
    differences.push({ kind: 'different', path: '/', expected: expected ?? '', actual, note: body.refused });
  } else if (recorded.root !== null && body.root !== null) {
    const trees = compareTrees(recorded.root, body.root, masks);
    return { differences: [...differences, ...trees.differences], maskedPlaces: trees.maskedPlaces };
  } else if (recorded.root !== null) {
    differences.push({ kind: 'missing', path: `/${recorded.root.name}`, expected, actual: null });
  } else if (body.root !== null) {
    differences.push({ kind: 'extra', path: `/${body.root.name}`, expected, actual: formatElement(body.root) });
  }
  return { differences, maskedPlaces: [] };
}

/** Small letters, no blanks, no quotes: `text/xml;charset="UTF-8"` is what `text/xml; charset=utf-8` is. */
function normalizeContentType(contentType: string): string {
  return contentType.toLowerCase().replaceAll(/[\s"]/g, '');
}
