// A visitor of the console without a browser: it keeps its cookies, follows redirects, fills the forms that it finds on a page
// and reads what a person would read.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  admin,
  startService,
  type Credentials,
  type StartOptions,
  type TestingService,
} from '../soap/testing-service.ts';

export interface ShownPage {
  readonly status: number;
  /** Path and query at which the visit ended, after redirects. */
  readonly address: string;
  readonly html: string;
  /** What is in <main>, without tags, blanks collapsed. */
  readonly text: string;
  readonly headers: Headers;
}

export interface Visitor {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ShownPage>;
  /**
   * Sends the form of a page that is sent to `action`, as a browser does: with its hidden fields, and `fields` over what it
   * shows. @throws if there is no such form, or it has no such field.
   */
  send(page: ShownPage, action: string, fields?: Fields, file?: NamedFile): Promise<ShownPage>;
  /** Sends fields to an address that no form need have. */
  post(path: string, fields: Fields): Promise<ShownPage>;
}

export type Fields = Readonly<Record<string, string>>;

export interface NamedFile {
  readonly name: string;
  readonly bytes: Buffer | string;
}

export interface TestingConsole {
  readonly service: TestingService;
  /** Logged in to the first infobase. */
  visit(user?: Credentials): Promise<Visitor>;
  /** Not logged in. */
  stranger(): Visitor;
}

export async function startConsole(options: StartOptions = {}): Promise<TestingConsole> {
  const service = await startService(options);
  const stranger = (): Visitor => openVisitor(service.running.origin);
  return {
    service,
    stranger,
    async visit(user = admin) {
      const visitor = stranger();
      const { name } = service.infobase();
      const page = await visitor.get(`/console/${name}/login`);
      const { name: user_, password } = user;
      const end = await visitor.send(page, `/console/${name}/login`, { name: user_, password });
      if (end.status !== 200) throw new Error(`the log-in of ${user.name} was answered ${end.status}: ${end.text}`);
      return visitor;
    },
  };
}

function openVisitor(origin: string): Visitor {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit): Promise<ShownPage> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(origin + path, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), cookie },
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const equals = pair.indexOf('=');
      cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    const location = response.headers.get('location');
    if (response.status === 303 && location !== null) {
      await response.arrayBuffer();
      return ask(location, { method: 'GET' });
    }
    const html = await response.text();
    return { status: response.status, address: path, html, text: readMain(html), headers: response.headers };
  };
  return {
    get: (path, headers = {}) => ask(path, { method: 'GET', headers }),
    post: (path, fields) => ask(path, { method: 'POST', body: new URLSearchParams(fields) }),
    send(page, action, fields = {}, file) {
      const form = findForm(page, action);
      const known = readFields(form);
      for (const name of Object.keys(fields)) {
        if (!known.names.has(name)) throw new Error(`the form ${action} has no field ${name}`);
      }
      const values = { ...known.values, ...fields };
      if (!form.includes('multipart/form-data')) {
        return ask(action, { method: 'POST', body: new URLSearchParams(values) });
      }
      const body = new FormData();
      for (const [name, value] of Object.entries(values)) body.append(name, value);
      if (file !== undefined) body.append('file', new Blob([new Uint8Array(Buffer.from(file.bytes))]), file.name);
      return ask(action, { method: 'POST', body });
    },
  };
}

/** The page of long work once the work has ended. */
export async function waitForEnd(visitor: Visitor, page: ShownPage): Promise<ShownPage> {
  let shown = page;
  while (shown.html.includes('hx-trigger="every 2s"')) {
    await sleep(20);
    shown = await visitor.get(page.address);
  }
  return shown;
}

/** What every form of the page carries. */
export function tokenOf({ html }: ShownPage): string {
  return /name="_token" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

/** The address of the page's form whose address ends so. */
export function actionOf({ html, address }: ShownPage, end: string): string {
  const actions = [...html.matchAll(/\baction="([^"]+)"/g)].map(([, one]) => decode(one as string));
  const action = actions.find((one) => one.endsWith(end));
  if (action === undefined) throw new Error(`${address} has no form that ends with ${end}`);
  return action;
}

function findForm({ html, address }: ShownPage, action: string): string {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((one) => decode(/\baction="([^"]*)"/.exec(one)?.[1] ?? '') === action);
  if (form === undefined) throw new Error(`${address} has no form that is sent to ${action}`);
  return form;
}

/** What a browser would send of a form that nobody has touched. */
function readFields(form: string): { readonly names: ReadonlySet<string>; readonly values: Record<string, string> } {
  const names = new Set<string>();
  const values: Record<string, string> = {};
  for (const [tag] of form.match(/<input\b[^>]*>/g)?.map((one) => [one] as const) ?? []) {
    const name = attribute(tag, 'name');
    if (name === undefined) continue;
    names.add(name);
    const type = attribute(tag, 'type');
    if (type === 'file' || ((type === 'checkbox' || type === 'radio') && !/\bchecked\b/.test(tag))) continue;
    values[name] = attribute(tag, 'value') ?? '';
  }
  for (const [whole, tag = '', inner = ''] of form.matchAll(/<(select|textarea)\b[\s\S]*?>([\s\S]*?)<\/\1>/g)) {
    const name = attribute(whole, 'name') ?? '';
    names.add(name);
    const chosen = /<option\b[^>]*\bselected\b[^>]*>/.exec(inner)?.[0] ?? /<option\b[^>]*>/.exec(inner)?.[0] ?? '';
    values[name] = tag === 'textarea' ? decode(inner) : (attribute(chosen, 'value') ?? '');
  }
  return { names, values };
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : decode(found);
}

function readMain(html: string): string {
  const main = /<main\b[^>]*>([\s\S]*)<\/main>/.exec(html)?.[1] ?? html;
  return decode(main.replace(/<(?:script|style)\b[\s\S]*?<\/(?:script|style)>/g, '').replace(/<[^>]*>/g, ' '))
    .replace(/[ \n\t]+/g, ' ')
    .trim();
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };

function decode(text: string): string {
  return text.replace(/&(\w+|#\d+);/g, (whole, name: string) => entities[name] ?? whole);
}
