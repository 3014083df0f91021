// What a WSDL without a binding asks for: every operation with the places of its request and of its reply.
import type { ContractModel, Wrapper } from '../../soap/contract/model.ts';
import {
  isAny,
  isComplex,
  type AnyType,
  type ComplexType,
  type Field,
  type ScalarType,
} from '../../soap/contract/schema.ts';

export interface WirePlace {
  /** "Receipt/Line/Sum", from the wrapper. */
  readonly place: string;
  readonly type: string;
  readonly isOptional: boolean;
  /** Comes any number of times, or stands inside what does. */
  readonly isInList: boolean;
}

export interface WireOperation {
  readonly operation: string;
  readonly request: readonly WirePlace[];
  readonly reply: readonly WirePlace[];
}

export function describeWsdl({ operations }: ContractModel): WireOperation[] {
  return operations.map(({ name, request, response }) => ({
    operation: name,
    request: listWirePlaces(request),
    reply: listWirePlaces(response),
  }));
}

function listWirePlaces({ type }: Wrapper): WirePlace[] {
  return listInside(type, { path: '', isOptional: false, isInList: false, open: [] });
}

interface Outer {
  readonly path: string;
  readonly isOptional: boolean;
  readonly isInList: boolean;
  /** Types that lead here: one of them again is a tree of any depth, which is shown once. */
  readonly open: readonly ComplexType[];
}

function listInside(type: ComplexType, outer: Outer): WirePlace[] {
  const prefix = outer.path === '' ? '' : `${outer.path}/`;
  const { isOptional, isInList } = outer;
  return [
    ...type.attributes.map(({ name, type: own, use }) => ({
      place: `${prefix}@${name}`,
      type: nameType(own),
      isOptional: isOptional || use !== 'required',
      isInList,
    })),
    ...(type.text === undefined ? [] : [{ place: `${prefix}#text`, type: nameType(type.text), isOptional, isInList }]),
    ...type.fields.flatMap((field) => listField(field, prefix, { ...outer, open: [...outer.open, type] })),
  ];
}

function listField(field: Field, prefix: string, outer: Outer): WirePlace[] {
  const path = prefix + field.name;
  const isOptional = outer.isOptional || field.optional || field.nillable;
  const isInList = outer.isInList || field.repeated;
  if (!isComplex(field.type) || outer.open.includes(field.type)) {
    return [{ place: path, type: nameType(field.type), isOptional, isInList }];
  }
  return listInside(field.type, { path, isOptional, isInList, open: outer.open });
}

function nameType(type: ScalarType | ComplexType | AnyType): string {
  if (isComplex(type)) return type.name;
  if (isAny(type) || type.values === undefined) return type.kind;
  return `${type.kind}: ${[...type.values].join(', ')}`;
}
