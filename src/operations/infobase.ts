// An infobase as every operation gets it: a name, its database and its settings. Operations read no clock: time is an
// argument. The moment of a test infobase's clock is kept here for the doors, as it is in the database.
import type { Door } from '../db/admin/change-log.ts';
import type { Database, Trx } from '../db/db.ts';
import { openDatabase } from '../db/open-database.ts';
import { findExclusiveMode } from '../db/admin/exclusive-mode.ts';
import { getRevision, listSettings } from '../db/admin/setting.ts';
import { listTills } from '../db/catalogs/shop.ts';
import { findTestClock } from '../db/admin/test-clock.ts';
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import { defaultSettings, type Settings } from '../ledger/settings.ts';
import { openTimeZone, type TimeZone } from '../ledger/time-zone.ts';

export interface InfobaseOptions {
  readonly name: string;
  /** The SQLite file, or ":memory:". */
  readonly file: string;
  /** For ":memory:": the bytes of a migrated database to start from. */
  readonly image?: Buffer;
  /** Whether the extended subscription is bought (SEED: billing asks for it). */
  readonly hasSubscription: boolean;
  /** IANA name of the zone of its clock (KKM_TIMEZONE); UTC where none is given. */
  readonly timeZone?: string;
  /** Values of settings that the infobase has not set itself. */
  readonly defaults?: Partial<Settings>;
  /** For a command that writes to most of its cards while tills are kept out. */
  readonly isBulk?: boolean;
  /** Its file is a copy, whose original stays: it is brought up to date without a backup before. */
  readonly isCopy?: boolean;
  /** It is open to answer tills. */
  readonly isServed?: boolean;
}

/** What is read again only if the revision shows that a process has changed a part of it. */
export interface Known {
  readonly revision: number;
  readonly settings: Settings;
  /** Whether tills are kept out of the infobase. */
  readonly isExclusive: boolean;
  /** The shops of tills by the tills' names; a till without a shop, or not in the catalog, has no entry. */
  readonly shops: ReadonlyMap<string, string>;
}

/** Who acts on an infobase, and where from, for the log of changes. */
export interface Actor {
  readonly name: string;
  readonly door: Door;
  /** The machine's clock. */
  readonly readMs: () => number;
}

/** What an infobase has in this process, whoever acts on it. */
interface Shared {
  readonly options: InfobaseOptions;
  readonly db: Database;
  readonly timeZone: TimeZone;
  readonly defaults: Settings;
  known: Known | undefined;
  standsAt: LocalDateTime | undefined;
}

export class Infobase {
  readonly name: string;
  readonly hasSubscription: boolean;
  readonly timeZone: TimeZone;
  readonly db: Database;
  /** Undefined where nobody's changes are noted. */
  readonly actor: Actor | undefined;
  private readonly shared: Shared;

  private constructor(shared: Shared, actor?: Actor) {
    const { options, db, timeZone } = shared;
    this.name = options.name;
    this.hasSubscription = options.hasSubscription;
    this.timeZone = timeZone;
    this.db = db;
    this.actor = actor;
    this.shared = shared;
  }

  /** @throws with its name and file, if it cannot be opened or read. */
  static async open(options: InfobaseOptions): Promise<Infobase> {
    const { name, file, image, isBulk = false, isCopy = false, isServed = false } = options;
    let db: Database | undefined;
    try {
      db = await openDatabase({ file, image, isBulk, isCopy, isServed });
      const timeZone = openTimeZone(options.timeZone ?? 'UTC');
      const defaults = { ...defaultSettings, ...options.defaults };
      const infobase = new Infobase({ options, db, timeZone, defaults, known: undefined, standsAt: undefined });
      await db.read((trx) => infobase.loadKnown(trx));
      return infobase;
    } catch (cause) {
      await db?.close();
      throw new Error(`infobase "${name}" cannot be opened: ${(cause as Error).message} (${file})`, { cause });
    }
  }

  /** The same infobase with somebody who acts on it: a door asks for it by the call, and what is changed is noted with the name. */
  by(actor: Actor): Infobase {
    return new Infobase(this.shared, actor);
  }

  /** The current settings: one number is read, and all settings only if another process has changed something. */
  async loadSettings(trx: Trx): Promise<Settings> {
    return (await this.loadKnown(trx)).settings;
  }

  /** The number that every change of settings or users raises. */
  async loadRevision(trx: Trx): Promise<number> {
    return (await this.loadKnown(trx)).revision;
  }

  /**
   * Whether tills are kept out, without a promise, as fresh as the last look at the revision: a call that would only be
   * refused must not wait in the queue for the work that keeps it out.
   */
  get isKnownExclusive(): boolean {
    return this.shared.known?.isExclusive === true;
  }

  /** The settings, without a promise, as fresh as the last look at the revision; undefined until the next one. */
  get knownSettings(): Settings | undefined {
    return this.shared.known?.settings;
  }

  /**
   * The moment of a test infobase's clock; undefined for an ordinary infobase. It is as fresh as the last look at the
   * revision, and every call begins with one: the door asks who calls before it asks what time it is. So `Clock` needs no
   * promise.
   */
  get testNow(): LocalDateTime | undefined {
    return this.shared.standsAt;
  }

  /** All of it at once: a caller that needs several parts looks at the revision once. */
  async loadKnown(trx: Trx): Promise<Known> {
    const revision = await getRevision(trx);
    if (this.shared.known?.revision !== revision) {
      this.shared.standsAt = await findTestClock(trx);
      this.shared.known = {
        revision,
        settings: { ...this.shared.defaults, ...(await listSettings(trx)) },
        isExclusive: (await findExclusiveMode(trx)) !== undefined,
        shops: new Map(
          (await listTills(trx)).flatMap(({ kkm, shopCode }) => (shopCode === null ? [] : [[kkm, shopCode]])),
        ),
      };
    } else if (this.shared.standsAt !== undefined) {
      // A move of the clock does not raise the revision: settings, shops and users would be read again.
      this.shared.standsAt = await findTestClock(trx);
    }
    return this.shared.known;
  }

  /** Settings and shops are read again at the next look: those read may be of a transaction that was undone. */
  forget(): void {
    this.shared.known = undefined;
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
