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

export class PartWriter {
  private readonly infobase: Infobase;
  private readonly runner: Runner;
  private readonly sealId: number;
  private readonly hash: Hash;
  private readonly pause: () => Promise<void>;
  private source = '';
  private isAgain = false;
  private units: KeyedDigest[] = [];
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

  /** Begins the units of a source. */
  begin(source: string, isAgain: boolean): void {
    this.close();
    [this.source, this.isAgain] = [source, isAgain];
  }

  /** Without a promise, for there are millions: `settle` is awaited after each piece of them. */
  add(unit: KeyedDigest): void {
    this.units.push(unit);
    if (this.isAgain) this.counts.changed += 1;
    else this.counts.units += 1;
    if (this.units.length >= partUnits) this.close();
  }

  /** Writes the parts that have gathered, once they are worth a transaction. */
  async settle(): Promise<void> {
    if (this.parts.length >= partsAtOnce) await this.flush();
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    this.close();
    await this.flush();
  }

  private close(): void {
    if (this.units.length === 0) return;
    const { sealId, source, nextNumber: number, isAgain } = this;
    const part = { sealId, source, number, isAgain: isAgain ? 1 : 0, ...packUnits(this.units) };
    addPart(this.hash, part);
    this.parts.push(part);
    this.nextNumber += 1;
    this.units = [];
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
