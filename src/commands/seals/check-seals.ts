// The part of `kkm verify` that asks for the seals: what is printed of them, and the digest that they are held against.
import { existsSync, readFileSync } from 'node:fs';
import { parseManifest } from '../../operations/admin/backup-manifest.ts';
import { verifySeals, type SealDifference, type SealsCheck } from '../../operations/seals/verify-seals.ts';
import type { Infobase } from '../../operations/infobase.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { CommandFailed, type CommandIo } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';

const listed = 20;

export interface SealsAsked {
  readonly from: LocalDate | undefined;
  readonly against: string | undefined;
}

export async function checkSeals(
  infobase: Infobase,
  { from, against }: SealsAsked,
  io: CommandIo,
): Promise<SealsCheck> {
  const check = await verifySeals(infobase, {
    limit: listed,
    ...(from === undefined ? {} : { from }),
    ...(against === undefined ? {} : { against }),
    onProgress: async (what) => io.showProgress?.(`comparing ${what} with the seals`),
  });
  io.showProgress?.('');
  return check;
}

/**
 * The digest of a seal, given as it is, or by the manifest of a backup.
 * @throws CommandFailed
 */
export function readAgainst(given: string): string {
  if (/^[0-9a-f]{64}$/i.test(given)) return given.toLowerCase();
  if (!existsSync(given)) {
    const why = `${given} is neither a digest of 64 hexadecimal digits nor a file`;
    throw new CommandFailed(why, { code: 'not_found', field: '--against' });
  }
  const manifest = parseManifest(readFileSync(given, 'utf8'));
  if (typeof manifest === 'string') {
    throw new CommandFailed(`${given} is not the manifest of a backup: ${manifest}`, { field: '--against' });
  }
  if (manifest.seal === undefined || manifest.seal === null) {
    throw new CommandFailed(`${given} names no seal: no day was sealed when the backup was made`, {
      field: '--against',
    });
  }
  return manifest.seal.digest;
}

export function describeSeals(check: SealsCheck): string[] {
  const { trusted } = check;
  if (trusted === null) return describeFound(check);
  const { businessOn, digest } = trusted;
  return [...describeFound(check), `seals: up to ${businessOn} nothing was looked at; its seal is ${digest}`];
}

function describeFound({ seals, last, differences, found }: SealsCheck): string[] {
  if (last === null) return ['seals: no day is sealed yet', ...differences.map(describe)];
  if (found === 0) {
    return [
      `seals: ${countOf(seals, 'seal')} up to ${last.businessOn}, all in order`,
      `seals: the newest is ${last.digest}`,
    ];
  }
  const more = found - differences.length;
  return [
    `seals: ${countOf(found, 'difference')}, the first ${placeOf(differences[0])}`,
    ...differences.map(describe),
    ...(more > 0 ? [`  ... and ${more} more`] : []),
  ];
}

function placeOf(difference: SealDifference | undefined): string {
  if (difference === undefined || difference.businessOn === null) return 'outside of the sealed days';
  return `in the day ${difference.businessOn}`;
}

function describe({ businessOn, sort, what }: SealDifference): string {
  return `  ${businessOn ?? 'not sealed'}: ${texts[sort](what)}`;
}

const texts: Readonly<Record<SealDifference['sort'], (what: string) => string>> = {
  changed: (what) => `${what} was changed`,
  missing: (what) => `${what} was removed`,
  inserted: (what) => `${what} was put in, or changed, without a trace`,
  recorded_before: (what) => `${what} says that it was recorded before the last seal, which does not have it`,
  without_document: (what) => `${what} has no document`,
  unexplained: (what) => `${what} is explained by nothing that was recorded`,
  seal_changed: (what) => `seal ${what} itself was changed`,
  seal_missing: (what) => `seal ${what} was removed`,
  seal_of_newer_version: (what) => `seal ${what} was made by a newer version of the product`,
  not_in_chain: (what) => `the database does not have the seal ${what}: it is an older or another one`,
  dangling: (what) => what,
};
