// A folder of recorded envelopes, requests and replies, read by the WSDL: which of its names come in them, and with which
// values. Values stay here and in what is drafted from them; they are people's cards, and are never shown.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { decodeXml, findCharset } from '../../replay/decode-xml.ts';
import type { ContractModel, Wrapper } from '../../soap/contract/model.ts';
import { isComplex, type ComplexType } from '../../soap/contract/schema.ts';
import { CommandFailed } from '../command-io.ts';
import { findBodyElement, readElements, type RecordedElement } from '../../soap/drafting/read-elements.ts';

export interface Recordings {
  /** "GetX/Card/Number", from the wrapper's element -> the texts that came there, '' where nothing did. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The first file in which the name came, with the folder's own name before it. */
  readonly files: ReadonlyMap<string, string>;
  /** How many files were read. */
  readonly count: number;
  /** Names that came and are not in the WSDL, each with its file. */
  readonly strangers: ReadonlyMap<string, string>;
  /** Files that say nothing, each with the reason. */
  readonly skipped: readonly string[];
}

export const noRecordings: Recordings = {
  values: new Map(),
  files: new Map(),
  count: 0,
  strangers: new Map(),
  skipped: [],
};

interface Reading {
  readonly values: Map<string, string[]>;
  readonly files: Map<string, string>;
  readonly strangers: Map<string, string>;
}

/** @throws CommandFailed if there is no such folder, or no XML file in it. */
export function readRecordings(folder: string, model: ContractModel): Recordings {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new CommandFailed(`there is no folder ${folder}`, { code: 'not_found', field: '--recordings' });
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.toLowerCase().endsWith('.xml'))
    .toSorted();
  if (files.length === 0) {
    throw new CommandFailed(`${folder}: expected recorded envelopes, *.xml`, { field: '--recordings' });
  }
  const wrappers = new Map(
    model.operations.flatMap(({ request, response }) => [request, response].map((one) => [one.element, one] as const)),
  );
  const reading: Reading = { values: new Map(), files: new Map(), strangers: new Map() };
  const skipped: string[] = [];
  for (const file of files) {
    const shown = `${basename(resolve(folder))}/${file.replaceAll('\\', '/')}`;
    const why = readRecording(join(folder, file), shown, wrappers, reading);
    if (why !== undefined) skipped.push(`${shown}: ${why}`);
  }
  return { ...reading, count: files.length - skipped.length, skipped };
}

/** @returns why the file says nothing. */
function readRecording(
  path: string,
  shown: string,
  wrappers: ReadonlyMap<string, Wrapper>,
  reading: Reading,
): string | undefined {
  const decoded = decodeXml(readFileSync(path), findRecordedCharset(path), true);
  if ('refused' in decoded) return decoded.refused;
  let body: RecordedElement | undefined;
  try {
    body = findBodyElement(readElements(decoded.text));
  } catch (reason) {
    return `not XML: ${(reason as Error).message.split('\n')[0]}`;
  }
  if (body === undefined) return 'not an envelope with an element in its body';
  const wrapper = wrappers.get(body.local);
  if (wrapper === undefined || wrapper.namespace !== body.namespace) {
    return `<${body.local}> of "${body.namespace}" is neither a request nor a reply of the WSDL`;
  }
  note(reading, wrapper.element, shown);
  walk(body, wrapper.type, wrapper.element, shown, reading);
  return undefined;
}

/** NN-Operation.headers.json beside NN-Operation.xml, as this project's own recordings have it. */
function findRecordedCharset(path: string): string | null {
  const file = path.replace(/\.xml$/i, '.headers.json');
  if (!existsSync(file)) return null;
  try {
    const { headers } = JSON.parse(readFileSync(file, 'utf8')) as { readonly headers: readonly [string, string][] };
    return findCharset(headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null);
  } catch {
    // Headers of another form say nothing; the XML has a declaration of its own.
    return null;
  }
}

function note({ files }: Reading, name: string, shown: string): void {
  if (!files.has(name)) files.set(name, shown);
}

function keep({ values }: Reading, name: string, text: string): void {
  const known = values.get(name);
  if (known === undefined) values.set(name, [text]);
  else known.push(text);
}

/** What could have come and did not is a value too: an empty text. */
function keepAbsent(element: RecordedElement, type: ComplexType, name: string, reading: Reading): void {
  for (const { name: local } of type.attributes) {
    if (!element.attributes.has(local)) keep(reading, `${name}/@${local}`, '');
  }
  for (const field of type.fields) {
    if (field.repeated || isComplex(field.type) || element.children.some(({ local }) => local === field.name)) continue;
    keep(reading, `${name}/${field.name}`, '');
  }
}

function walk(element: RecordedElement, type: ComplexType, name: string, shown: string, reading: Reading): void {
  keepAbsent(element, type, name, reading);
  for (const [local, value] of element.attributes) {
    if (!type.attributes.some((attribute) => attribute.name === local)) continue;
    note(reading, `${name}/@${local}`, shown);
    keep(reading, `${name}/@${local}`, value);
  }
  if (type.text !== undefined) {
    note(reading, `${name}/#text`, shown);
    keep(reading, `${name}/#text`, element.text);
  }
  for (const child of element.children) {
    const own = `${name}/${child.local}`;
    const field = type.fields.find((one) => one.name === child.local);
    if (field === undefined) {
      if (!reading.strangers.has(own)) reading.strangers.set(own, shown);
      continue;
    }
    note(reading, own, shown);
    if (isComplex(field.type)) walk(child, field.type, own, shown, reading);
    else if (child.children.length === 0) keep(reading, own, child.text);
  }
}
