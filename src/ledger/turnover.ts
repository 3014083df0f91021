// «Остатки и обороты» of the three measures: what there was before a period, what came in and went out, what is left. Sums over
// many cards outgrow what a number keeps exactly, so they are bigints.
import { measureNames, type MeasureName } from './account.ts';
import type { Measures } from './measures.ts';

export interface Flow {
  readonly in: bigint;
  /** Not below zero. */
  readonly out: bigint;
}

/** opening + in - out = closing. */
export interface Turnover extends Flow {
  readonly opening: bigint;
  readonly closing: bigint;
  /** They add up to `in` and `out`; kinds that moved nothing are left out. */
  readonly byDocument: readonly (Flow & { readonly kind: string })[];
}

export type Turnovers = Readonly<Record<MeasureName, Turnover>>;

interface OpenFlow {
  in: bigint;
  out: bigint;
}

interface OpenTurnover {
  opening: bigint;
  readonly flows: Map<string, OpenFlow>;
}

/** Turnovers that movements are still being added to. */
export type OpenTurnovers = Readonly<Record<MeasureName, OpenTurnover>>;

export function openTurnovers(): OpenTurnovers {
  return { bonus: openTurnover(), accumulation: openTurnover(), receipts: openTurnover() };
}

function openTurnover(): OpenTurnover {
  return { opening: 0n, flows: new Map() };
}

/** A movement from before the period. */
export function addOpening(turnovers: OpenTurnovers, move: Measures): void {
  for (const measure of measureNames) {
    if (move[measure] !== 0) turnovers[measure].opening += BigInt(move[measure]);
  }
}

/** @param kind of the document that made the movement. */
export function addFlow(turnovers: OpenTurnovers, kind: string, move: Measures): void {
  for (const measure of measureNames) {
    const amount = move[measure];
    if (amount === 0) continue;
    const { flows } = turnovers[measure];
    let flow = flows.get(kind);
    if (flow === undefined) flows.set(kind, (flow = { in: 0n, out: 0n }));
    if (amount > 0) flow.in += BigInt(amount);
    else flow.out -= BigInt(amount);
  }
}

/** @param before what comes to the opening besides: the closing of the day before, in a report by days. */
export function closeTurnovers(turnovers: OpenTurnovers, before?: Turnovers): Turnovers {
  const close = (measure: MeasureName): Turnover => {
    const { opening: own, flows } = turnovers[measure];
    const opening = own + (before?.[measure].closing ?? 0n);
    const byDocument = [...flows].map(([kind, flow]) => ({ kind, in: flow.in, out: flow.out }));
    const sumIn = byDocument.reduce((sum, flow) => sum + flow.in, 0n);
    const sumOut = byDocument.reduce((sum, flow) => sum + flow.out, 0n);
    const sorted = byDocument.toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
    return { opening, in: sumIn, out: sumOut, closing: opening + sumIn - sumOut, byDocument: sorted };
  };
  return { bonus: close('bonus'), accumulation: close('accumulation'), receipts: close('receipts') };
}

/** Whether there was nothing, and nothing came or went. */
export function isIdle({ opening, byDocument }: Turnover): boolean {
  return opening === 0n && byDocument.length === 0;
}
