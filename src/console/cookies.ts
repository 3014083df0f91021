// The console's cookies.
import type { Request, Response } from 'express';
import { requestOf } from './console-request.ts';

export const sessionCookie = 'kkm_console';
export const languageCookie = 'kkm_console_language';

export function cookiesOf(request: Request): ReadonlyMap<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, Math.max(0, equals)).trim(), pair.slice(equals + 1).trim()] as const;
  });
  return new Map(pairs);
}

/** @param seconds how long it is kept; undefined = until the browser is closed. */
export function setCookie(response: Response, name: string, value: string, seconds: number | undefined): void {
  response.cookie(name, value, {
    path: '/console',
    httpOnly: true,
    sameSite: 'lax',
    secure: requestOf(response).isSecure,
    ...(seconds === undefined ? {} : { maxAge: seconds * 1000 }),
  });
}
