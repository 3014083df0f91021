// The reply of an operation that no command answers, from a file beside binding.json: the response element as the WSDL has it,
// or a whole envelope as it was recorded. It may have places to fill: {{Request/Card/Number}} is a value of the request,
// {{now}} and {{today}} the infobase's clock, {{counter}} the number of the call since the service started.
import { readFileSync } from 'node:fs';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { compileText } from '../contract/facets.ts';
import type { ContractModel, Operation } from '../contract/model.ts';
import { compileReader } from '../contract/reader.ts';
import {
  isAny,
  isComplex,
  type ComplexType,
  type Field,
  type GroupParticle,
  type Particle,
  type ScalarType,
} from '../contract/schema.ts';
import { envelopeNamespaces } from '../contract/soap-version.ts';
import { escapeText } from '../contract/text-escape.ts';
import type { WireTree, WireValue } from '../contract/wire-tree.ts';
import { at } from './mistakes.ts';
import { findPlace, type PlaceType } from './place.ts';

export interface FileCall {
  readonly request: WireTree;
  readonly now: LocalDateTime;
  /** From 1. */
  readonly counter: number;
}

export type MakeFileReply = (call: FileCall) => WireTree;

type FillValue = (call: FileCall) => WireValue;

interface Owner {
  readonly type: PlaceType;
  readonly nillable: boolean;
  readonly optional: boolean;
}

const places = /\{\{([^{}]*)\}\}/g;

/** @throws Error naming the file and what in it does not fit the WSDL. */
export function loadFileReply(file: string, { request, response }: Operation): MakeFileReply {
  return at(file, () => {
    const tree = readReply(readFileSync(file, 'utf8'), response);
    return compileTree(tree, response.type, request.type) as MakeFileReply;
  });
}

/** Every value as text: a place to fill is not yet of the schema's type. */
function readReply(xml: string, { element, namespace, type }: Operation['response']): WireTree {
  const operation = { name: element, request: { element, namespace, type: loosen(type, new Map()) } };
  const model = { namespace, operations: [{ ...operation, response: operation.request }] };
  const body = xml.replace(/^\uFEFF/, '').replace(/^\s*<\?xml\s[^>]*\?>/, '');
  const isEnvelope = /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:[\w.-]+:)?Envelope[\s>]/.test(body);
  const envelope = envelopeNamespaces['1.1'];
  const whole = `<e:Envelope xmlns:e="${envelope}"><e:Body>${body}</e:Body></e:Envelope>`;
  try {
    return compileReader(model as unknown as ContractModel)(isEnvelope ? body : whole).arguments;
  } catch (reason) {
    // The reader speaks of a request.
    throw new Error((reason as Error).message.replace(/^Запрос не по схеме/, 'not of the schema'), { cause: reason });
  }
}

function loosen(type: ComplexType, known: Map<ComplexType, ComplexType>): ComplexType {
  const done = known.get(type);
  if (done !== undefined) return done;
  const loose = { ...type };
  // Stored before its fields are converted: a type may contain itself.
  known.set(type, loose);
  const fields = new Map(type.fields.map((field) => [field, loosenField(field, known)]));
  loose.fields = [...fields.values()];
  loose.attributes = type.attributes.map((attribute) => ({ ...attribute, type: anyText }));
  if (type.text !== undefined) loose.text = anyText;
  if (type.particle !== undefined) loose.particle = loosenGroup(type.particle, fields);
  return loose;
}

const anyText: ScalarType = { kind: 'string' };

function loosenField(field: Field, known: Map<ComplexType, ComplexType>): Field {
  const { default: _default, fixed: _fixed, ...rest } = field;
  if (isAny(field.type)) return field;
  return { ...rest, type: isComplex(field.type) ? loosen(field.type, known) : anyText };
}

function loosenParticle(particle: Particle, fields: ReadonlyMap<Field, Field>): Particle {
  if (particle.kind === 'any') return particle;
  if (particle.kind === 'element') return { ...particle, field: fields.get(particle.field)! };
  return loosenGroup(particle, fields);
}

function loosenGroup(group: GroupParticle, fields: ReadonlyMap<Field, Field>): GroupParticle {
  return { ...group, particles: group.particles.map((inner) => loosenParticle(inner, fields)) };
}

function compileTree(tree: WireTree, type: ComplexType, request: ComplexType): FillValue {
  const fills = Object.entries(tree).map(([key, value]) => {
    return [key, at(key, () => compileValue(value, findOwner(type, key), request))] as const;
  });
  return (call) => Object.fromEntries(fills.map(([key, fill]) => [key, fill(call)]));
}

function findOwner(type: ComplexType, key: string): Owner {
  const field = type.fields.find(({ name }) => name === key);
  if (field !== undefined) return field;
  const scalar = key === '#text' ? type.text : type.attributes.find(({ name }) => `@${name}` === key)?.type;
  return { type: scalar ?? anyText, nillable: false, optional: false };
}

function compileValue(value: WireValue, owner: Owner, request: ComplexType): FillValue {
  if (Array.isArray(value)) {
    const items = (value as readonly WireValue[]).map((item) => compileValue(item, owner, request));
    return (call) => items.map((fill) => fill(call));
  }
  if (isComplex(owner.type) && value !== null) return compileTree(value as WireTree, owner.type, request);
  return typeof value === 'string' ? compileFilled(value, owner, request) : () => value;
}

function compileFilled(text: string, owner: Owner, request: ComplexType): FillValue {
  const names = Array.from(text.matchAll(places), (match) => match[1]!.trim());
  if (names.length === 0) return checkText(text, owner);
  const fills = names.map((name) => at(`{{${name}}}`, () => compilePlace(name, request)));
  const between = text.split(/\{\{[^{}]*\}\}/);
  const escape = isAny(owner.type) ? escapeText : (value: string) => value;
  const isAlone = fills.length === 1 && between.every((piece) => piece === '');
  const mayBeNone = isAlone && (owner.nillable || owner.optional);
  return (call) => {
    const values = fills.map((fill) => fill(call));
    if (mayBeNone && values[0] === null) return null;
    return values.reduce<string>((all, value, index) => all + escape(value ?? '') + between[index + 1]!, between[0]!);
  };
}

/** A text without places is of the schema's type, or the file is wrong. */
function checkText(text: string, { type, nillable }: Owner): FillValue {
  if (isAny(type) || isComplex(type)) return () => text;
  const value = compileText(type)(text);
  if (value !== undefined) return () => text;
  if (nillable && text.trim() === '') return () => null;
  throw new Error(`"${text.slice(0, 40)}" is not of type ${type.kind}`);
}

function compilePlace(name: string, request: ComplexType): (call: FileCall) => string | null {
  switch (name) {
    case 'now':
      return ({ now }) => now;
    case 'today':
      return ({ now }) => now.slice(0, 10);
    case 'counter':
      return ({ counter }) => String(counter);
    default: {
      const place = findPlace(request, name);
      if (isComplex(place.type) || place.isList)
        throw new Error('expected one value of the request, now, today or counter');
      return (call) => place.read(call.request) as string | null;
    }
  }
}
