// binding.json as it is written: which command an operation of the WSDL calls, and how the values of the one become those of
// the other. docs/contracts.md explains every key with an example.
import { z } from 'zod';

/** One place in the tree, or two: a date and its time of day. */
const places = z.union([z.string(), z.tuple([z.string(), z.string()])], {
  error: 'expected a place such as "A/B", or two, ["A", "B"]',
});

const options = z.strictObject({
  /** A shape of this file, under `requests` or `replies`. */
  shape: z.string().optional(),
  /** A table of this file. */
  table: z.string().optional(),
  /** What a constant is. */
  value: z
    .union([z.string(), z.number(), z.boolean(), z.null()], { error: 'expected a text, a number, true, false or null' })
    .optional(),
  unit: z.enum(['rubles', 'hundredths']).optional(),
  point: z.enum(['.', ',']).optional(),
  /** Written with this many digits after the point. */
  digits: z.int().min(0).max(10).optional(),
  /** The words for true and for false. */
  words: z.tuple([z.string(), z.string()]).optional(),
  /** A date as text, "DD.MM.YYYY HH:mm:ss". */
  form: z.string().optional(),
  /** What is written, or taken as sent, where there is no value. */
  none: z.string().optional(),
  /** The part of a text that is meant: a pattern with one group. */
  part: z.string().optional(),
  /** The result codes that count as done. */
  done: z.array(z.int()).optional(),
  /** In a reply: the result codes with which there is a value; with others there is none. */
  when: z.array(z.int()).min(1).optional(),
  /** In a list of a reply: the result codes of the items that are in it. */
  only: z.array(z.int()).min(1).optional(),
  /** The word for the result of a call that was done before. */
  repeated: z.string().optional(),
});

const rule = z.union([z.tuple([places, z.string()]), z.tuple([places, z.string(), z.union([z.string(), options])])], {
  error: explainRule,
});

/** Of forms that do not fit, the library names none: the option is what is usually wrong. */
function explainRule({ input }: { readonly input?: unknown }): string {
  const usual = 'expected [place, transform] or [place, transform, option]';
  const option: unknown = Array.isArray(input) && input.length === 3 ? input[2] : undefined;
  const parsed = typeof option === 'object' ? options.safeParse(option) : undefined;
  return parsed === undefined || parsed.success ? usual : `option: ${describeIssues(parsed.error)}`;
}

function describeIssues({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`.replace(/^: /, '')).join(', ');
}

const shape = z.record(z.string(), rule);

/** The strings of a request or a reply that hold an XML document: the place in the tree, and the document's name. */
const documentPlaces = z.record(z.string(), z.string());

const call = z.strictObject({
  about: z.string().optional(),
  evidence: z.string().optional(),
  command: z.string(),
  request: rule.optional(),
  reply: shape,
  /** Codes that are answered as a fault in place of a reply. */
  faults: z.union([z.literal('refusals'), z.array(z.int()).min(1)]).optional(),
  requestDocuments: documentPlaces.optional(),
  replyDocuments: documentPlaces.optional(),
});

const uncalled = z.strictObject({
  about: z.string().optional(),
  evidence: z.string().optional(),
  answer: z.enum(['fault', 'file', 'upstream']),
  /** Of the fault. */
  text: z.string().optional(),
});

const called = z.union([call, uncalled], { error: 'expected an object with "command", or with "answer"' });

const choice = z.strictObject({
  about: z.string().optional(),
  evidence: z.string().optional(),
  /** The place of the value that names the case, or two: then a case is named by both, "sale/true". */
  choose: places,
  cases: z.record(z.string(), called),
  /** For all other values. */
  otherwise: called.optional(),
  requestDocuments: documentPlaces.optional(),
});

/** Several of the product's own values have one word: only a reply can use such a word. */
const ownValue = z.union([z.string(), z.int()]);
const tableValue = z.union([ownValue, z.array(ownValue).min(1)], {
  error: 'expected a word, a number or a list of them',
});

/** The mistakes of the form that was meant. */
function explainOperation({ input }: { readonly input?: unknown }): string {
  const given = typeof input === 'object' && input !== null ? input : {};
  const meant = 'command' in given ? call : 'choose' in given ? choice : 'answer' in given ? uncalled : undefined;
  const parsed = meant?.safeParse(input);
  if (parsed === undefined || parsed.success) return 'expected an object with "command", "choose" or "answer"';
  return describeIssues(parsed.error);
}

const bindingFile = z.strictObject({
  about: z.string().optional(),
  evidence: z.record(z.string(), z.string()).optional(),
  emptyMoments: z.array(z.string()),
  tables: z.record(z.string(), z.record(z.string(), tableValue)).default({}),
  documents: z
    .record(
      z.string(),
      z.strictObject({
        example: z.string(),
        /** Places in it of elements that may come more than once and stand once in the example. */
        lists: z.array(z.string()).default([]),
        as: z.enum(['escaped', 'cdata']).default('escaped'),
      }),
    )
    .default({}),
  requests: z.record(z.string(), shape).default({}),
  replies: z.record(z.string(), shape).default({}),
  operations: z.record(z.string(), z.union([call, choice, uncalled], { error: explainOperation })),
  /** Where operations with `"answer": "upstream"` are answered. */
  upstream: z.strictObject({ url: z.url(), timeoutMs: z.int().min(1).default(30_000) }).optional(),
});

export type BindingFile = z.infer<typeof bindingFile>;
export type BindingOptions = z.infer<typeof options>;
export type RuleText = z.infer<typeof rule>;
export type ShapeText = z.infer<typeof shape>;
export type CallText = z.infer<typeof call>;
export type ChoiceText = z.infer<typeof choice>;
export type UncalledText = z.infer<typeof uncalled>;
export type OperationText = CallText | ChoiceText | UncalledText;

/** @throws Error with every mistake of form: its place in the file and what was expected. */
export function parseBindingFile(text: string): BindingFile {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (reason) {
    throw new Error(`binding.json: not JSON: ${(reason as Error).message}`, { cause: reason });
  }
  const parsed = bindingFile.safeParse(given);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new Error(`binding.json: ${mistakes.join('; ')}`);
}

/** The calls of commands that an operation may make, with the case of each. */
export function listCalls(text: OperationText): readonly (readonly [string | undefined, CallText])[] {
  if ('command' in text) return [[undefined, text]];
  if (!('choose' in text)) return [];
  const cases: (readonly [string, CallText | UncalledText])[] = Object.entries(text.cases);
  if (text.otherwise !== undefined) cases.push(['otherwise', text.otherwise]);
  return cases.flatMap(([value, one]) => ('command' in one ? [[value, one] as const] : []));
}

export function listChoosePlaces({ choose }: ChoiceText): readonly string[] {
  return typeof choose === 'string' ? [choose] : choose;
}
