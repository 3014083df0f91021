// One request of one page: who asks, the form, its token, the page's answer as HTTP.
import { rm } from 'node:fs/promises';
import type { Request, Response } from 'express';
import { findVisitor } from '../operations/admin/find-visitor.ts';
import { refuseConsole } from './console-refusal.ts';
import { requestOf, type ConsoleInfobase, type DoorState } from './console-request.ts';
import { noForm, type FormReader, type SentForm } from './form-reader.ts';
import { loginAddress } from './login.tsx';
import { NotFound, type Page, type PageCall, type PageReply } from './page.ts';
import { layPage } from './lay-page.tsx';
import { sayIn } from './say.ts';
import { isSameToken, type Session, type SessionLogin } from './sessions.ts';
import { sendDownload, sendHtml } from './send.ts';

export interface Visit {
  readonly served: ConsoleInfobase;
  readonly page: Page;
  readonly forms: FormReader;
  readonly request: Request;
  readonly response: Response;
}

export async function answerPage(door: DoorState, visit: Visit): Promise<void> {
  const { served, page, request, response } = visit;
  const { report, session } = requestOf(response);
  const { infobase } = served;
  report.infobase = infobase.name;
  report.operation = `console ${page.path}`;
  const login = session?.logins.get(infobase.name);
  const user = login === undefined ? undefined : await findVisitor(infobase, login);
  if (session === undefined || login === undefined || user === undefined) {
    session?.logins.delete(infobase.name);
    askToLogIn(visit);
    return;
  }
  report.user = login.name;
  const roles = page.roles ?? (page.method === 'GET' ? ['admin', 'auditor'] : ['admin']);
  if (!roles.includes(login.role)) throw refuseConsole(403);
  const sent = page.method === 'POST' ? await visit.forms.read(request, response, page.takesFile === true) : noForm;
  try {
    if (page.method === 'POST' && !isSameToken(sent.form.get('_token') ?? undefined, session.token)) {
      throw refuseConsole(403);
    }
    const call = describeCall(door, visit, { login, session, sent });
    report.replyBytes = await sendReply(door, visit, call, session, await page.answer(call));
  } catch (reason) {
    throw reason instanceof NotFound ? refuseConsole(404, reason.message) : reason;
  } finally {
    const { file } = sent;
    if (file !== undefined && !door.services.uploads.isKept(file)) await rm(file.path, { force: true });
  }
}

/** A page that htmx asks for in the background cannot be answered with a form of another page: it is left altogether. */
function askToLogIn({ served, request, response }: Visit): void {
  const { originalUrl, method } = request;
  const address = loginAddress(served.infobase.name, method === 'GET' ? originalUrl : undefined);
  if (request.get('hx-request') === 'true') response.status(401).set('HX-Redirect', address).end();
  else response.redirect(303, address);
}

interface Sender {
  readonly login: SessionLogin;
  readonly session: Session;
  readonly sent: SentForm;
}

function describeCall(door: DoorState, visit: Visit, { login, session, sent }: Sender): PageCall {
  const { served, request, response } = visit;
  const { language } = requestOf(response);
  const { originalUrl: here } = request;
  const query = here.indexOf('?');
  return {
    infobase: served.infobase.by({ name: login.name, door: 'console', readMs: door.services.tools.readWallMs }),
    now: served.clock.now(),
    visitor: { name: login.name, role: login.role },
    isAdmin: login.role === 'admin',
    language,
    say: sayIn(language),
    base: `/console/${served.infobase.name}`,
    here,
    token: session.token,
    params: request.params as Record<string, string>,
    query: new URLSearchParams(query === -1 ? '' : here.slice(query + 1)),
    form: sent.form,
    file: sent.file,
    services: door.services,
  };
}

async function sendReply(
  door: DoorState,
  { response }: Visit,
  call: PageCall,
  session: Session,
  reply: PageReply,
): Promise<number> {
  if (reply.kind === 'download') return sendDownload(response, reply);
  if (reply.kind === 'redirect') {
    session.notice = reply.notice;
    response.redirect(303, `${call.base}/${reply.path}`);
    return 0;
  }
  const { notice } = session;
  session.notice = undefined;
  const infobases = door.served.map(({ infobase }) => infobase.name);
  return sendHtml(response, reply.status ?? 200, await layPage(call, reply, { infobases, notice }));
}
