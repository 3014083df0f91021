// The input of a call, read against its schemas: all of it, or the first value that cannot be taken and what is expected there.
import { z } from 'zod';
import type { Trouble } from '../ledger/result.ts';
import type { Checked } from '../operations/checked.ts';

/** @returns what could be read beside the bad value too, so that a refusal can still name the card and the operation. */
export function readInput<S extends z.ZodObject>(schema: S, given: unknown): Checked<z.output<S>> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    trouble: describeIssue(parsed.error.issues[0] as z.core.$ZodIssue),
    partial: readParts(schema, given),
  };
}

function readParts<S extends z.ZodObject>(schema: S, given: unknown): Partial<z.output<S>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {};
  const parts = Object.entries(schema.shape).flatMap(([name, field]) => {
    const parsed = z.safeParse(field, (given as Readonly<Record<string, unknown>>)[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(parts) as Partial<z.output<S>>;
}

/** The place of an issue as people write it, lists counted from 1: "receipts[2].sum". */
export function describeIssue(issue: z.core.$ZodIssue): Trouble {
  const field = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const extra = issue.keys[0] ?? '';
    const name = field === '' ? extra.slice(0, 50) : `${field}.${extra.slice(0, 50)}`;
    return { field: name, expected: 'одно из имён полей, описанных в openapi.json' };
  }
  return { field: field === '' ? 'запроса' : field, expected: issue.message };
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part + 1}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
