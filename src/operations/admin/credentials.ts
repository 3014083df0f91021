// Basic credentials of a request, and their user. A password is checked by scrypt once; the result is then kept under a keyed
// hash of the header, so that the next calls take microseconds and memory holds no password.
import { isUtf8 } from 'node:buffer';
import { hash, randomBytes } from 'node:crypto';
import type { Infobase } from '../infobase.ts';
import { openLoginRecord, pairOf } from './login-record.ts';
import type { PasswordChecks, QueuedCheck } from './password-checks.ts';
import { makeDecoyHash, verifyPassword } from './password.ts';
import { RememberedLogins, type RememberedLogin } from './remembered-logins.ts';
import { findNameMistake, findServiceUser, isPossibleLogin, type UserRole } from './users.ts';

export interface Visitor {
  readonly name: string;
  readonly role: UserRole;
}

export interface Login {
  /** Undefined for an unknown user, and if the password was not checked. */
  readonly visitor: Visitor | undefined;
  /** Set if the password was not checked. */
  readonly retryAfterSeconds?: number;
  /** Why the client's certificate was not enough, in Russian. */
  readonly certificateTrouble?: string;
}

/** A certificate that a client has shown: the name of the user that it is for, or why it is not accepted, in Russian. */
export type ShownCertificate = { readonly name: string } | { readonly why: string };

/** Who sends a request, as far as its connection shows. */
export interface Peer {
  readonly address: string;
  readonly certificate?: ShownCertificate | undefined;
}

/** Who waits for the answer: `close` comes when its client has gone, or has its answer. */
export interface Caller {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

export interface CredentialKeeper {
  /** Who sends this Authorization header; without one, whose certificate it is. */
  identify(header: string | undefined, caller: Caller, peer: Peer): Promise<Login>;
}

/** A login that did not succeed. */
export interface FailedLogin {
  readonly address: string;
  /** As it was sent; '' if the header names none. */
  readonly name: string;
  readonly isKnownName: boolean;
  /** Whether the password was checked, now or a moment ago. */
  readonly isChecked: boolean;
}

export interface CredentialOptions {
  /** A steady count of milliseconds. */
  readonly readMs: () => number;
  /** The checks of the whole process. */
  readonly checks: PasswordChecks;
  readonly report: (failed: FailedLogin) => void;
}

/** A night and a morning: the user that closes the shop is still known when it opens. The next call sees changed users. */
const rememberedForMs = 12 * 3_600_000;
/** As many as the tills of a large chain. */
const rememberedLimit = 10_000;
/** A till with a wrong password asks again every few seconds. */
const wrongForMs = 60_000;
const wrongLimit = 1_000;
/** How long an unknown caller must wait if the queue of checks is full: about the time of that queue. */
const busyForMs = 5_000;

const nobody: Login = { visitor: undefined };

interface Credential {
  readonly name: string;
  readonly password: string;
}

/** A check that waits or runs, and the number of requests that wait for it. */
interface SharedCheck {
  readonly queued: QueuedCheck<Login>;
  callers: number;
}

/** A header that is not known to be right. */
interface Unknown {
  readonly digest: string;
  readonly header: string;
  readonly revision: number;
  readonly address: string;
}

/** One login that is being checked. */
interface Attempt {
  readonly digest: string;
  readonly sent: Credential;
  readonly address: string;
  /** Whether this credential was right before. */
  readonly isProven: boolean;
}

export function keepCredentials(infobase: Infobase, options: CredentialOptions): CredentialKeeper {
  return new Keeper(infobase, options);
}

class Keeper implements CredentialKeeper {
  private readonly infobase: Infobase;
  private readonly options: CredentialOptions;
  private readonly key = randomBytes(16).toString('base64');
  private readonly right = new RememberedLogins<Visitor>(rememberedLimit);
  private readonly wrong = new RememberedLogins<Visitor>(wrongLimit);
  private readonly record = openLoginRecord();
  /** Tills that start together send the same credential together: one check serves them all. */
  private readonly shared = new Map<string, SharedCheck>();

  constructor(infobase: Infobase, options: CredentialOptions) {
    this.infobase = infobase;
    this.options = options;
  }

  async identify(header: string | undefined, caller: Caller, peer: Peer): Promise<Login> {
    if (header === undefined) return this.identifyCertificate(peer);
    const digest = hash('sha256', this.key + header, 'base64');
    // Read at every call, also by a call that joins another's check: this refreshes settings and a test clock.
    const revision = await this.readRevision();
    const known = this.right.find(digest);
    if (known !== undefined) {
      const now = this.options.readMs();
      if (now < known.untilMs && (known.revision === revision || (await this.renew(known, revision)))) {
        known.untilMs = now + rememberedForMs;
        return known;
      }
    }
    return this.identifyUnknown({ digest, header, revision, address: peer.address }, caller);
  }

  private readRevision(): Promise<number> {
    return this.infobase.db.read((trx) => this.infobase.loadRevision(trx));
  }

  /** Something in the infobase has changed: checks whether the user is still the same. */
  private async renew(known: RememberedLogin<Visitor>, revision: number): Promise<boolean> {
    const user = await findServiceUser(this.infobase, known.name);
    const isSame =
      user?.passwordHash === known.passwordHash && (known.visitor === undefined || known.visitor.role === user?.role);
    if (isSame) known.revision = revision;
    return isSame;
  }

  private async identifyCertificate({ address, certificate }: Peer): Promise<Login> {
    if (certificate === undefined) return nobody;
    // As for a password: this refreshes settings and a test clock.
    await this.readRevision();
    if ('why' in certificate) {
      return { visitor: undefined, certificateTrouble: `Сертификат клиента не принят: ${certificate.why}` };
    }
    const { name } = certificate;
    // Asked at every call: a user that has been removed is out at once.
    const user = findNameMistake(name) === undefined ? await findServiceUser(this.infobase, name) : undefined;
    if (user !== undefined) return { visitor: { name: user.name, role: user.role } };
    const certificateTrouble = 'Сертификат клиента выдан на имя, которого нет среди пользователей';
    return this.fail({ visitor: undefined, certificateTrouble }, address, name, false);
  }

  private async identifyUnknown({ digest, header, revision, address }: Unknown, caller: Caller): Promise<Login> {
    const sent = decodeBasic(header);
    // Credentials that no user can have need no check.
    if (sent === undefined || !isPossibleLogin(sent.name, sent.password)) {
      return this.fail(nobody, address, sent?.name ?? '', false);
    }
    const login = (await this.isStillWrong(digest, revision))
      ? nobody
      : await this.check({ digest, sent, address, isProven: this.right.find(digest) !== undefined }, caller);
    if (login === undefined) return nobody;
    if (login.visitor !== undefined) {
      // The check took a while: the settings and the clock of this call are those of now.
      await this.readRevision();
      return login;
    }
    const user = await findServiceUser(this.infobase, sent.name);
    return this.fail(login, address, sent.name, user !== undefined);
  }

  private fail(login: Login, address: string, name: string, isKnownName: boolean): Login {
    this.options.report({ address, name, isKnownName, isChecked: login.retryAfterSeconds === undefined });
    return login;
  }

  private async isStillWrong(digest: string, revision: number): Promise<boolean> {
    const wrong = this.wrong.find(digest);
    if (wrong === undefined || this.options.readMs() >= wrong.untilMs) return false;
    return wrong.revision === revision || this.renew(wrong, revision);
  }

  /** Undefined if the client has left before the check began. */
  private async check(attempt: Attempt, caller: Caller): Promise<Login | undefined> {
    if (caller.destroyed) return undefined;
    const { digest } = attempt;
    const known = this.shared.get(digest);
    const waitMs = known === undefined ? this.countWaitMs(attempt) : 0;
    if (waitMs > 0) return putOff(waitMs);
    const shared = known ?? this.enter(attempt);
    shared.callers += 1;
    const leave = (): void => {
      shared.callers -= 1;
      if (shared.callers === 0 && shared.queued.leave()) this.shared.delete(digest);
    };
    caller.once('close', leave);
    try {
      const end = await shared.queued.end;
      if (end.sort === 'checked') return end.value;
      return end.sort === 'refused' ? putOff(busyForMs) : undefined;
    } finally {
      caller.off('close', leave);
    }
  }

  private countWaitMs({ address, sent, isProven }: Attempt): number {
    return isProven ? 0 : this.record.countWaitMs(pairOf(address, sent.name), this.options.readMs());
  }

  private enter(attempt: Attempt): SharedCheck {
    const { digest, sent, address, isProven } = attempt;
    const pair = pairOf(address, sent.name);
    const rank = isProven ? 'proven' : this.record.isAcquainted(pair) ? 'acquainted' : 'stranger';
    const queued = this.options.checks.enter({ rank, address, pair }, () => this.verify(attempt, pair));
    const shared = { queued, callers: 0 };
    this.shared.set(digest, shared);
    const forget = (): void => {
      if (this.shared.get(digest) === shared) this.shared.delete(digest);
    };
    queued.end.then(forget, forget);
    return shared;
  }

  private async verify(attempt: Attempt, pair: string): Promise<Login> {
    // Other logins of the pair may have failed while this one waited.
    const waitMs = this.countWaitMs(attempt);
    if (waitMs > 0) return putOff(waitMs);
    const { digest, sent } = attempt;
    // The revision first: if the user changes between the two, the next call checks again.
    const revision = await this.readRevision();
    const user = await findServiceUser(this.infobase, sent.name);
    // An unknown name takes as long as a wrong password, so that names cannot be guessed by time.
    const isRight = await verifyPassword(sent.password, user?.passwordHash ?? decoyHash);
    const now = this.options.readMs();
    const { name = sent.name, passwordHash } = user ?? {};
    if (isRight && user !== undefined) {
      const visitor = { name, role: user.role };
      this.right.put(digest, { visitor, name, passwordHash, revision, untilMs: now + rememberedForMs });
      this.record.noteSuccess(pair);
      return { visitor };
    }
    // A till that keeps sending the same wrong password is not guessing.
    if (this.wrong.find(digest) === undefined) this.record.noteFailure(pair, now);
    this.right.delete(digest);
    this.wrong.put(digest, { visitor: undefined, name, passwordHash, revision, untilMs: now + wrongForMs });
    return nobody;
  }
}

/** How HTTP answers a login without a visitor: asked for a name and a password, or asked to wait for the check of them. */
export function explainLogin({ retryAfterSeconds, certificateTrouble }: Login): {
  readonly status: 401 | 503;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  if (retryAfterSeconds === undefined) {
    const headers = { 'WWW-Authenticate': 'Basic realm="1C:Enterprise 8.3"' };
    return { status: 401, text: certificateTrouble ?? 'Требуется имя и пароль пользователя', headers };
  }
  const text = `Слишком много попыток входа, повторите через ${retryAfterSeconds} с`;
  return { status: 503, text, headers: { 'Retry-After': String(retryAfterSeconds) } };
}

function putOff(ms: number): Login {
  return { visitor: undefined, retryAfterSeconds: Math.ceil(ms / 1000) };
}

/** The hash for users that do not exist. */
const decoyHash = makeDecoyHash();

const windows1251 = new TextDecoder('windows-1251');

/**
 * "Basic <base64>" in UTF-8; suds sends the URL-safe alphabet, which Node's decoder takes as well. Bytes that are not
 * UTF-8 are read as Windows-1251: with U+FFFD instead, many passwords would become one.
 */
export function decodeBasic(header: string): Credential | undefined {
  const match = /^Basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(header);
  if (match === null) return undefined;
  const bytes = Buffer.from(match[1] as string, 'base64');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : windows1251.decode(bytes);
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
