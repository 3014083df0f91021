// Sessions as 1C keeps them when a client asks to reuse one (wire H5): "IBSession: start" gives a cookie, "finish" ends it.
import { randomUUID } from 'node:crypto';

export interface SessionAnswer {
  /** 200: go on; 400: the cookie names no session; 406: no session is free. */
  readonly status: 200 | 400 | 406;
  readonly setCookie?: string;
}

export interface SessionKeeper {
  /** @param user who sends the request; a session is started in its name. */
  meet(user: string, ibSession: string | undefined, cookie: string | undefined, path: string): SessionAnswer;
}

interface Session {
  readonly user: string;
  usedAt: number;
}

const idleLimitMs = 20 * 60_000;
export const sessionLimit = 1_000;
/** A client that starts sessions and never ends them does not use up those of other users. */
export const userSessionLimit = 250;
const cookieForm = /(?:^|;)\s*ibsession=([^;\s]*)/i;

/** @param readMs a steady count of milliseconds. */
export function keepSessions(readMs: () => number): SessionKeeper {
  const sessions = new Map<string, Session>();
  const perUser = new Map<string, number>();
  const end = (id: string): void => {
    const session = sessions.get(id);
    if (session === undefined) return;
    sessions.delete(id);
    const left = (perUser.get(session.user) ?? 0) - 1;
    if (left > 0) perUser.set(session.user, left);
    else perUser.delete(session.user);
  };
  const isFree = (user: string): boolean => sessions.size < sessionLimit && (perUser.get(user) ?? 0) < userSessionLimit;
  const start = (user: string, now: number): string | undefined => {
    if (!isFree(user)) for (const [id, { usedAt }] of sessions) if (now - usedAt > idleLimitMs) end(id);
    if (!isFree(user)) return undefined;
    const id = randomUUID();
    sessions.set(id, { user, usedAt: now });
    perUser.set(user, (perUser.get(user) ?? 0) + 1);
    return id;
  };
  return {
    meet(user, ibSession, cookie, path) {
      const now = readMs();
      const wish = ibSession?.trim().toLowerCase();
      if (wish === 'start') {
        const started = start(user, now);
        if (started === undefined) return { status: 406 };
        return { status: 200, setCookie: `ibsession=${started}; path=${path}; HttpOnly` };
      }
      const id = cookieForm.exec(cookie ?? '')?.[1];
      if (id === undefined) return { status: 200 };
      const session = sessions.get(id);
      if (session === undefined || now - session.usedAt > idleLimitMs) {
        end(id);
        return { status: 400 };
      }
      if (wish === 'finish') {
        end(id);
        return { status: 200, setCookie: `ibsession=; path=${path}; Max-Age=0` };
      }
      session.usedAt = now;
      return { status: 200 };
    },
  };
}
