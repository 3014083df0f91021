// Writes the parts of a seal in short transactions, each with the runner's lease renewed, and adds them to its digest.
import type { Hash } from 'node:crypto';
import { insertSealPart, type SealPart } from '../../db/seals/seal.ts';
import type { Infobase } from '../infobase.ts';
import { renewRunnerLease, type Held, type Runner } from '../runner-lease.ts';
import { addPart } from './seal-digest.ts';
import { packUnits, partUnits, type KeyedDigest } from './unit-part.ts';

/** Parts written at once: a transaction of some 400 KB, which keeps tills from writing for a few milliseconds. */
const partsAtOnce = 16;

/** Another runner has taken the lease over. */
export class LeaseLost extends Error {
  readonly held: Held;

  constructor(held: Held) {
    super(`${held.holder} has the lease`);
    this.held = held;
  }
}

/** The units of a source that no part has yet. */
export interface Gathered {
  readonly source: string;
  /** Whether its units were sealed before. */
  readonly isAgain: boolean;
  units: KeyedDigest[];
}

export class PartWriter {
  private readonly infobase: Infobase;
  private readonly runner: Runner;
  private readonly sealId: number;
  private readonly hash: Hash;
  private readonly pause: () => Promise<void>;
  private parts: SealPart[] = [];
  private nextNumber = 1;
  private counts = { units: 0, changed: 0 };

  constructor(infobase: Infobase, runner: Runner, sealId: number, hash: Hash, pause: () => Promise<void>) {
    this.infobase = infobase;
    this.runner = runner;
    this.sealId = sealId;
    this.hash = hash;
    this.pause = pause;
  }

  /** How many units it has taken: those recorded, and those that were sealed before. */
  get taken(): { readonly units: number; readonly changed: number } {
    return this.counts;
  }

  /** Opens a source, whose units `add` then takes. */
  open(source: string, isAgain: boolean): Gathered {
    return { source, isAgain, units: [] };
  }

  /** Without a promise, for there are millions: `settle` is awaited after each piece of them. */
  add(to: Gathered, unit: KeyedDigest): void {
    to.units.push(unit);
    if (to.isAgain) this.counts.changed += 1;
    else this.counts.units += 1;
    if (to.units.length >= partUnits) this.close(to);
  }

  /** Packs what is left of a source. */
  close(opened: Gathered): void {
    const { source, isAgain, units } = opened;
    if (units.length === 0) return;
    const { sealId, nextNumber: number } = this;
    const part = { sealId, source, number, isAgain: isAgain ? 1 : 0, ...packUnits(units) };
    addPart(this.hash, part);
    this.parts.push(part);
    this.nextNumber += 1;
    opened.units = [];
  }

  /** Writes the parts that have gathered, once they are worth a transaction. */
  async settle(): Promise<void> {
    if (this.parts.length >= partsAtOnce) await this.flush();
  }

  /** Writes what is left, once every source is closed. */
  end(): Promise<void> {
    return this.flush();
  }

  private async flush(): Promise<void> {
    const parts = this.parts;
    this.parts = [];
    const held = await this.infobase.db.write(async (trx) => {
      const lost = await renewRunnerLease(trx, 'seal', this.runner);
      if (lost === undefined) for (const part of parts) await insertSealPart(trx, part);
      return lost;
    });
    if (held !== undefined) throw new LeaseLost(held);
    await this.pause();
  }
}
