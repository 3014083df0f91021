// Sessions as 1C keeps them when a client asks to reuse one (wire H5): "IBSession: start" gives a cookie, "finish" ends it.
import { randomUUID } from 'node:crypto';

export interface SessionAnswer {
  /** 200: go on; 400: the cookie names no session; 406: no session is free. */
  readonly status: 200 | 400 | 406;
  readonly setCookie?: string;
}

export interface SessionKeeper {
  meet(ibSession: string | undefined, cookie: string | undefined, path: string): SessionAnswer;
}

const idleLimitMs = 20 * 60_000;
const sessionLimit = 1_000;
const cookieForm = /(?:^|;)\s*ibsession=([^;\s]*)/i;

/** @param readMs a steady count of milliseconds. */
export function keepSessions(readMs: () => number): SessionKeeper {
  const usedAt = new Map<string, number>();
  const dropIdle = (now: number): void => {
    for (const [id, at] of usedAt) if (now - at > idleLimitMs) usedAt.delete(id);
  };
  return {
    meet(ibSession, cookie, path) {
      const now = readMs();
      if (ibSession?.trim().toLowerCase() === 'start') {
        if (usedAt.size >= sessionLimit) dropIdle(now);
        if (usedAt.size >= sessionLimit) return { status: 406 };
        const id = randomUUID();
        usedAt.set(id, now);
        return { status: 200, setCookie: `ibsession=${id}; path=${path}; HttpOnly` };
      }
      const id = cookieForm.exec(cookie ?? '')?.[1];
      if (id === undefined) return { status: 200 };
      const at = usedAt.get(id);
      if (at === undefined || now - at > idleLimitMs) {
        usedAt.delete(id);
        return { status: 400 };
      }
      if (ibSession?.trim().toLowerCase() === 'finish') {
        usedAt.delete(id);
        return { status: 200, setCookie: `ibsession=; path=${path}; Max-Age=0` };
      }
      usedAt.set(id, now);
      return { status: 200 };
    },
  };
}
