// What is written beside a backup: of which infobase it is, when and by which version it was made, what is in it, and the
// digest by which a changed file is known.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BackupContent } from '../../db/admin/backup-content.ts';
import { parseLocalDateTime, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import { formatSum } from '../../ledger/money.ts';

/** Who asked for it: only what the schedule made is ever removed by the schedule. */
export const backupOrigins = ['schedule', 'hand', 'disabling'] as const;
export type BackupOrigin = (typeof backupOrigins)[number];

export interface BackupManifest {
  readonly infobase: string;
  /** The name of the last migration done. */
  readonly schemaVersion: string;
  readonly productVersion: string;
  readonly origin: BackupOrigin;
  /** The wall clock of `timeZone`; of a test infobase its own clock, where it was asked for by hand. */
  readonly madeAt: LocalDateTime;
  readonly timeZone: string;
  readonly bytes: number;
  /** Of the file, as lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly content: DescribedContent;
  /** The last sealed day in it; null = none. Left out by versions before there were seals. */
  readonly seal?: ManifestSeal | null;
}

export interface ManifestSeal {
  readonly businessOn: LocalDate;
  /** A check of the seals against a backup finds the infobase by it. */
  readonly digest: string;
}

/** Sums in rubles, as people read them. */
export interface DescribedContent {
  readonly cards: number;
  readonly receipts: number;
  readonly documents: number;
  readonly billingDocuments: number;
  readonly certificates: number;
  readonly certificateBalance: string;
  readonly accumulation: DescribedMeasures;
  readonly billing: DescribedMeasures;
}

interface DescribedMeasures {
  readonly bonus: string;
  readonly accumulation: string;
  readonly receipts: number;
}

export function describeContent({
  certificateKopecks,
  accumulation,
  billing,
  ...counts
}: BackupContent): DescribedContent {
  return {
    ...counts,
    certificateBalance: formatSum(certificateKopecks),
    accumulation: describeMeasures(accumulation),
    billing: describeMeasures(billing),
  };
}

function describeMeasures({ bonus, accumulation, receipts }: Measures): DescribedMeasures {
  return { bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts };
}

export function nameManifest(backupFile: string): string {
  return `${backupFile}.json`;
}

export function formatManifest(manifest: BackupManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** @returns why it is none, if it is none. */
export function parseManifest(text: string): BackupManifest | string {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (typeof found !== 'object' || found === null) return 'it is not a JSON object';
  const fields = found as Readonly<Record<string, unknown>>;
  const wrong = checks.find(([name, isGood]) => !isGood(fields[name]));
  return wrong === undefined ? (found as BackupManifest) : `"${wrong[0]}" is missing or wrong`;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const checks: readonly (readonly [keyof BackupManifest, (value: unknown) => boolean])[] = [
  ['infobase', isText],
  ['schemaVersion', isText],
  ['productVersion', isText],
  ['origin', (value) => (backupOrigins as readonly unknown[]).includes(value)],
  ['madeAt', (value) => typeof value === 'string' && parseLocalDateTime(value) !== undefined],
  ['timeZone', isText],
  ['bytes', (value) => Number.isSafeInteger(value)],
  ['sha256', (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)],
  ['content', (value) => typeof value === 'object' && value !== null],
];

/** Reads the file in pieces: it may be larger than the memory. */
export async function digestFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
