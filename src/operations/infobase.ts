// An infobase as every operation is given it: a name, its database and its settings. No clock: time is an argument.
import type { Database, Trx } from '../db/db.ts';
import { openSqlite } from '../db/db.ts';
import { getRevision, listSettings } from '../db/setting.ts';
import { defaultSettings, type Settings } from '../ledger/settings.ts';

export interface InfobaseOptions {
  readonly name: string;
  /** The SQLite file, or ":memory:". */
  readonly file: string;
  /** Whether the extended subscription is bought (SEED: billing asks for it). */
  readonly hasSubscription: boolean;
  /** Values of settings that the infobase has not set itself. */
  readonly defaults?: Partial<Settings>;
}

export class Infobase {
  readonly name: string;
  readonly hasSubscription: boolean;
  readonly db: Database;
  private readonly defaults: Settings;
  private known: { readonly revision: number; readonly settings: Settings } | undefined;

  private constructor(options: InfobaseOptions, db: Database) {
    this.name = options.name;
    this.hasSubscription = options.hasSubscription;
    this.defaults = { ...defaultSettings, ...options.defaults };
    this.db = db;
  }

  static async open(options: InfobaseOptions): Promise<Infobase> {
    return new Infobase(options, await openSqlite({ file: options.file }));
  }

  /** Settings as they stand: one number is read, and all of them only where another process has changed something. */
  async loadSettings(trx: Trx): Promise<Settings> {
    const revision = await getRevision(trx);
    if (this.known?.revision !== revision)
      this.known = { revision, settings: { ...this.defaults, ...(await listSettings(trx)) } };
    return this.known.settings;
  }

  /** Settings as the last operation found them; for how an answer looks, never for what it decides. */
  get knownSettings(): Settings {
    return this.known?.settings ?? this.defaults;
  }

  /** The number that every change of settings or users raises. */
  loadRevision(trx: Trx): Promise<number> {
    return getRevision(trx);
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
