// evidence.json beside binding.json: how each name of the contract is known. The names are data, so is what is known of them.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formatBinding } from '../../soap/drafting/format-binding.ts';
import { CommandFailed } from '../command-io.ts';

export const evidenceMarks = ['documented', 'observed', 'assumed'] as const;
export type EvidenceMark = (typeof evidenceMarks)[number];

const known = z.strictObject({ evidence: z.enum(evidenceMarks), source: z.string().optional() });

const evidenceFile = z.strictObject({
  about: z.string().optional(),
  /** Of every name that the file does not have. */
  default: z.enum(evidenceMarks).default('assumed'),
  source: z.string().optional(),
  /** "GetX/Card/Number", "GetXResponse/return/Code": from the element in the body of the envelope. */
  names: z.record(z.string(), known).default({}),
});

export type EvidenceFile = z.infer<typeof evidenceFile>;
export type Known = z.infer<typeof known>;

function nameFile(folder: string): string {
  return join(folder, 'evidence.json');
}

/** Without a file everything is assumed. @throws CommandFailed with every mistake of form. */
export function readEvidenceFile(folder: string): EvidenceFile {
  const file = nameFile(folder);
  if (!existsSync(file)) return { default: 'assumed', names: {} };
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (reason) {
    const mistakes = [`${file}: not JSON: ${(reason as Error).message}`];
    throw new CommandFailed(mistakes[0]!, { code: 'mistakes', details: { mistakes }, cause: reason });
  }
  const parsed = evidenceFile.safeParse(given);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(
    ({ path, message }) => `${file}: ${path.join('.') || 'the file'}: ${message}`,
  );
  throw new CommandFailed(mistakes.join('; '), { code: 'mistakes', details: { mistakes } });
}

/** Under another name first: a crash leaves the old file whole. @returns the file's name. */
export function writeEvidenceFile(folder: string, evidence: EvidenceFile): string {
  const file = nameFile(folder);
  writeFileSync(`${file}.new`, `${formatBinding(evidence)}\n`);
  renameSync(`${file}.new`, file);
  return file;
}
