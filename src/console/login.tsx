// Logging in to the console of one infobase, and out of it. Passwords are checked as those of tills are: the same limits hold
// back who guesses.
import type { Request, Response, Router } from 'express';
import { findServiceUser } from '../operations/admin/users.ts';
import { RequestCaller } from '../request-caller.ts';
import { refuseConsole } from './console-refusal.ts';
import { requestOf, type ConsoleInfobase, type DoorState } from './console-request.ts';
import { sessionCookie, setCookie } from './cookies.ts';
import type { FormReader } from './form-reader.ts';
import { FormProblem, InputField } from './parts/form.tsx';
import { Frame } from './parts/layout.tsx';
import { sayIn, type Language, type Say } from './say.ts';
import { sendHtml } from './send.ts';
import { isSameToken, newSession } from './sessions.ts';

/** @param back the page to show after it. */
export function loginAddress(infobase: string, back: string | undefined): string {
  const home = `/console/${infobase}/`;
  const suffix = back === undefined || back === home ? '' : `?back=${encodeURIComponent(back)}`;
  return `${home}login${suffix}`;
}

interface LoginDoor extends DoorState {
  readonly forms: FormReader;
}

export function publishLogin(router: Router, door: LoginDoor, served: ConsoleInfobase): void {
  router.get('/login', (request, response) => show(served, request, response, {}));
  router.post('/login', (request, response) => logIn(door, served, request, response));
  router.post('/logout', (request, response) => logOut(door, served, request, response));
}

interface Shown {
  readonly name?: string;
  readonly problem?: string;
}

function show(served: ConsoleInfobase, request: Request, response: Response, shown: Shown, status = 200): void {
  const { language, report } = requestOf(response);
  report.infobase = served.infobase.name;
  report.operation = 'console login';
  const back = readBack(served, request);
  report.replyBytes = sendHtml(response, status, showLogin(served.infobase.name, language, back, shown));
}

/** Only an address of this infobase's pages: a link must not lead elsewhere. */
function readBack({ infobase }: ConsoleInfobase, request: Request): string {
  const { back } = request.query;
  const home = `/console/${infobase.name}/`;
  return typeof back === 'string' && back.startsWith(home) && !back.includes('\\') ? back : home;
}

async function logIn(door: LoginDoor, served: ConsoleInfobase, request: Request, response: Response): Promise<void> {
  const { language, report, session, cookie } = requestOf(response);
  const say = sayIn(language);
  refuseForeignForm(request);
  const { form } = await door.forms.read(request, response, false);
  const name = form.get('name') ?? '';
  const header = `Basic ${Buffer.from(`${name}:${form.get('password') ?? ''}`).toString('base64')}`;
  const { visitor, retryAfterSeconds } = await served.credentials.identify(
    header,
    new RequestCaller(request, response),
    {
      address: report.remote,
    },
  );
  report.user = name;
  if (visitor === undefined) {
    if (request.socket.destroyed) return;
    const problem = explainFailure(say, retryAfterSeconds);
    show(served, request, response, { name, problem }, retryAfterSeconds === undefined ? 422 : 429);
    return;
  }
  if (visitor.role === 'till') {
    const problem = say('Роль till не открывает консоль.', 'The role till does not open the console.');
    show(served, request, response, { name, problem }, 403);
    return;
  }
  const user = await findServiceUser(served.infobase, visitor.name);
  if (user === undefined) throw refuseConsole(403);
  // A new session for each login: a cookie that somebody knew before is worth nothing after it.
  const opened = newSession();
  for (const [infobase, one] of session?.logins ?? []) opened.logins.set(infobase, one);
  const { role, passwordHash } = user;
  opened.logins.set(served.infobase.name, { name: user.name, role, passwordHash });
  door.sessions.close(cookie);
  setCookie(response, sessionCookie, door.sessions.open(opened), undefined);
  report.infobase = served.infobase.name;
  report.operation = 'console login';
  response.redirect(303, readBack(served, request));
}

/** There is no session yet whose token a form could have: the browser says where the form comes from. */
function refuseForeignForm(request: Request): void {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const isForeign = site === undefined ? origin !== undefined && !isOwnOrigin(origin, request) : site !== 'same-origin';
  if (isForeign) throw refuseConsole(403);
}

function isOwnOrigin(origin: string, request: Request): boolean {
  return URL.canParse(origin) && new URL(origin).host === request.get('host');
}

function explainFailure(say: Say, retryAfterSeconds: number | undefined): string {
  return retryAfterSeconds === undefined
    ? say('Имя или пароль не подходят. Проверьте раскладку и регистр.', 'The name or the password is wrong.')
    : say(
        `Слишком много попыток входа. Повторите через ${retryAfterSeconds} с.`,
        `Too many attempts to log in. Try again in ${retryAfterSeconds} s.`,
      );
}

async function logOut(door: LoginDoor, served: ConsoleInfobase, request: Request, response: Response): Promise<void> {
  const { session, cookie, report } = requestOf(response);
  report.infobase = served.infobase.name;
  report.operation = 'console logout';
  const { form } = await door.forms.read(request, response, false);
  if (session !== undefined && !isSameToken(form.get('_token') ?? undefined, session.token)) throw refuseConsole(403);
  door.sessions.close(cookie);
  response.redirect(303, loginAddress(served.infobase.name, undefined));
}

function showLogin(infobase: string, language: Language, back: string, { name, problem }: Shown) {
  const say = sayIn(language);
  const title = say('Вход в консоль', 'Log in to the console');
  const other = language === 'ru' ? 'en' : 'ru';
  const here = loginAddress(infobase, back);
  return (
    <Frame language={language} title={`${title} · ${infobase}`}>
      <main class="alone">
        <h1>{title}</h1>
        <FormProblem text={problem} />
        <form method="post" action={here} class="form">
          <p class="hint">
            {say('Информационная база', 'Infobase')}: <strong>{infobase}</strong>
          </p>
          <InputField name="name" label={say('Пользователь', 'User')} value={name} autocomplete="username" isRequired />
          <InputField
            name="password"
            label={say('Пароль', 'Password')}
            type="password"
            autocomplete="current-password"
            isRequired
          />
          <button type="submit">{say('Войти', 'Log in')}</button>
        </form>
        <p>
          <a href={`/console/language?to=${other}&back=${encodeURIComponent(here)}`} lang={other}>
            {other === 'ru' ? 'Русский' : 'English'}
          </a>
        </p>
      </main>
    </Frame>
  );
}
