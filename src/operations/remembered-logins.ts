// What has become of credentials that were checked, by a digest of each: memory holds no password. Bounded; where there is
// no room, what was used longest ago goes.
import { timingSafeEqual } from 'node:crypto';

/** What came of a check, and of which state of the user. */
export interface RememberedLogin<V> {
  /** Undefined: the credential was wrong. */
  readonly visitor: V | undefined;
  readonly name: string;
  /** The user's hash then; undefined where there was no user of that name. */
  readonly passwordHash: string | undefined;
  /** Of the infobase, when that was last seen to be so. */
  revision: number;
  /** On the clock of milliseconds; afterwards the credential is checked again. */
  untilMs: number;
}

interface Entry<V> {
  readonly digest: Buffer;
  readonly login: RememberedLogin<V>;
}

/** As much of a digest as finds its entry; the whole is compared in constant time. */
const keyLength = 16;

export class RememberedLogins<V> {
  private readonly limit: number;
  private readonly entries = new Map<string, Entry<V>>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.entries.size;
  }

  /** @param digest in base64, keyed by a secret. */
  find(digest: string): RememberedLogin<V> | undefined {
    const entry = this.entries.get(digest.slice(0, keyLength));
    return entry !== undefined && timingSafeEqual(entry.digest, Buffer.from(digest, 'latin1'))
      ? entry.login
      : undefined;
  }

  put(digest: string, login: RememberedLogin<V>): void {
    const key = digest.slice(0, keyLength);
    if (!this.entries.has(key) && this.entries.size >= this.limit) this.dropStalest();
    this.entries.set(key, { digest: Buffer.from(digest, 'latin1'), login });
  }

  delete(digest: string): void {
    this.entries.delete(digest.slice(0, keyLength));
  }

  /** All of them are gone through: a check of a password, a tenth of a second, comes before each. */
  private dropStalest(): void {
    let stalest: [string, Entry<V>] | undefined;
    for (const entry of this.entries) {
      if (stalest === undefined || entry[1].login.untilMs < stalest[1].login.untilMs) stalest = entry;
    }
    if (stalest !== undefined) this.entries.delete(stalest[0]);
  }
}
