// One page of the console: where it is, who may see it, what it answers. Pages read and change the infobase by operations only;
// the door gives them the call and turns their reply into HTTP.
import type { ComponentChildren } from 'preact';
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Visitor } from '../operations/admin/credentials.ts';
import type { UserRole } from '../operations/admin/users.ts';
import type { Infobase } from '../operations/infobase.ts';
import type { ConsoleServices } from './console-services.ts';
import type { Language, Say } from './say.ts';
import type { Notice } from './sessions.ts';

/** Who asks for what, of which infobase and when. */
export interface PageCall {
  readonly infobase: Infobase;
  /** The infobase's clock when the request had been read. */
  readonly now: LocalDateTime;
  readonly visitor: Visitor;
  /** Whether the visitor may change anything. */
  readonly isAdmin: boolean;
  readonly language: Language;
  readonly say: Say;
  /** "/console/trade": what links of the infobase's pages begin with. */
  readonly base: string;
  /** Path and query of this page: what it asks for again to refresh a part. */
  readonly here: string;
  /** Sent with every form. */
  readonly token: string;
  /** Parts of the path by their names: "cards/:number" gives `number`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The fields of a form that was sent; empty for GET. */
  readonly form: URLSearchParams;
  /** The file that was sent with the form, by a page that takes one. */
  readonly file: SentFile | undefined;
  readonly services: ConsoleServices;
}

/** A file in a folder of its own, which the page removes or hands over to the work that reads it. */
export interface SentFile {
  /** As its owner calls it: "balances.xlsx". */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

export interface Crumb {
  readonly title: string;
  /** Under the infobase's address. */
  readonly path: string;
}

export interface ShownPage {
  readonly kind: 'page';
  /** 200 where it is left out; 422 for a form that cannot be taken. */
  readonly status?: 200 | 404 | 409 | 422;
  readonly title: string;
  readonly body: ComponentChildren;
  /** The levels above this page, outermost first. */
  readonly crumbs?: readonly Crumb[];
}

export interface Redirect {
  readonly kind: 'redirect';
  /** Under the infobase's address. */
  readonly path: string;
  readonly notice?: Notice;
}

/** A file to keep: its bytes as they are made. */
export interface Download {
  readonly kind: 'download';
  readonly name: string;
  readonly contentType: string;
  readonly bytes: AsyncIterable<string | Uint8Array>;
}

export type PageReply = ShownPage | Redirect | Download;

export interface Page {
  readonly method: 'GET' | 'POST';
  /** Under the infobase's address, as Express writes it: "cards/:number". */
  readonly path: string;
  /** GET: administrators and auditors; POST: administrators; where it is left out. */
  readonly roles?: readonly UserRole[];
  /** The form has a file: it is sent as multipart/form-data. */
  readonly takesFile?: boolean;
  readonly answer: (call: PageCall) => Promise<PageReply>;
}

/** What a page throws where there is nothing to show: no such card, document, report. */
export class NotFound extends Error {}

export function goTo(path: string, done?: string): Redirect {
  return { kind: 'redirect', path, ...(done === undefined ? {} : { notice: { kind: 'done', text: done } as const }) };
}
