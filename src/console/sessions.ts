// Who is logged in to the console. Sessions live in memory: a restart of the service asks everyone to log in again. The cookie
// holds a random value, of which only the hash is kept.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { UserRole } from '../operations/admin/users.ts';

/** A login to one infobase; it ends when the user's password or role changes. */
export interface SessionLogin {
  readonly name: string;
  readonly role: UserRole;
  readonly passwordHash: string;
}

/** Shown once, on the next page. */
export interface Notice {
  readonly kind: 'done' | 'problem';
  readonly text: string;
}

export interface Session {
  /** Sent with every form: another site cannot know it. */
  readonly token: string;
  /** By the infobase's name. */
  readonly logins: Map<string, SessionLogin>;
  notice?: Notice | undefined;
}

export interface SessionStore {
  /** The session of a cookie, if it is still open; its idle time starts again. */
  find(cookie: string | undefined): Session | undefined;
  /** @returns what the cookie is to hold. */
  open(session: Session): string;
  close(cookie: string | undefined): void;
}

/** A manager's pause; after it the session ends. */
export const idleMs = 30 * 60_000;
/** However busy a session is, it ends after a working day. */
export const longestMs = 12 * 3_600_000;
/** The oldest session ends if there are more. */
const sessionLimit = 1_000;

export interface SessionStoreOptions {
  /** A steady count of milliseconds. */
  readonly readMs: () => number;
  /** Sessions that a user of an infobase may have; the oldest ends if there are more. */
  readonly perUser: number;
  /** Gets a call for each session that ends because there are too many. */
  readonly noteEnded: () => void;
}

interface KeptSession {
  readonly session: Session;
  readonly openedMs: number;
  usedMs: number;
}

const hashOf = (cookie: string): string => createHash('sha256').update(cookie).digest('base64');

export function newSession(): Session {
  return { token: randomBytes(24).toString('base64url'), logins: new Map() };
}

export function openSessionStore({ readMs, perUser, noteEnded }: SessionStoreOptions): SessionStore {
  const kept = new Map<string, KeptSession>();
  const isOver = ({ openedMs, usedMs }: KeptSession, nowMs: number): boolean =>
    nowMs - usedMs >= idleMs || nowMs - openedMs >= longestMs;
  const end = (keys: readonly string[]): void => {
    for (const key of keys) {
      kept.delete(key);
      noteEnded();
    }
  };
  /** The oldest first. */
  const listKeys = (infobase: string, name: string): readonly string[] =>
    [...kept].filter(([, { session }]) => session.logins.get(infobase)?.name === name).map(([key]) => key);
  return {
    find(cookie) {
      if (cookie === undefined) return undefined;
      const key = hashOf(cookie);
      const found = kept.get(key);
      if (found === undefined) return undefined;
      const nowMs = readMs();
      if (isOver(found, nowMs)) {
        kept.delete(key);
        return undefined;
      }
      found.usedMs = nowMs;
      return found.session;
    },
    open(session) {
      const nowMs = readMs();
      for (const [key, one] of kept) if (isOver(one, nowMs)) kept.delete(key);
      for (const [infobase, { name }] of session.logins) {
        const own = listKeys(infobase, name);
        end(own.slice(0, Math.max(0, own.length - perUser + 1)));
      }
      end([...kept.keys()].slice(0, Math.max(0, kept.size - sessionLimit + 1)));
      const cookie = randomBytes(32).toString('base64url');
      kept.set(hashOf(cookie), { session, openedMs: nowMs, usedMs: nowMs });
      return cookie;
    },
    close(cookie) {
      if (cookie !== undefined) kept.delete(hashOf(cookie));
    },
  };
}

/** In a time that does not depend on where they differ. */
export function isSameToken(sent: string | undefined, token: string): boolean {
  const given = Buffer.from(sent ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
