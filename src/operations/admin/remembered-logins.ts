// What has become of credentials that were checked, by a digest of each: memory holds no password. Bounded; where there is
// no room, what was used longest ago goes.

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

/**
 * A digest is keyed by a secret of the process. So the time that finding one takes depends on nothing that a caller could
 * know or choose, and says nothing of a password.
 */
export class RememberedLogins<V> {
  private readonly limit: number;
  private readonly byDigest = new Map<string, RememberedLogin<V>>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.byDigest.size;
  }

  find(digest: string): RememberedLogin<V> | undefined {
    return this.byDigest.get(digest);
  }

  put(digest: string, login: RememberedLogin<V>): void {
    if (!this.byDigest.has(digest) && this.byDigest.size >= this.limit) this.dropStalest();
    this.byDigest.set(digest, login);
  }

  delete(digest: string): void {
    this.byDigest.delete(digest);
  }

  /** All of them are gone through: a check of a password, a tenth of a second, comes before each. */
  private dropStalest(): void {
    let stalest: [string, RememberedLogin<V>] | undefined;
    for (const entry of this.byDigest) {
      if (stalest === undefined || entry[1].untilMs < stalest[1].untilMs) stalest = entry;
    }
    if (stalest !== undefined) this.byDigest.delete(stalest[0]);
  }
}
