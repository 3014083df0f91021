// Simple types: restrictions, lists and unions, named or written inside an element or attribute.
import { schemaNamespace } from '../soap-version.ts';
import type { ScalarType } from '../schema.ts';
import { allowOnly, expandName, quoteElement, refuse, type WsdlElement } from '../wsdl-tree.ts';
import { builtInTypes } from './built-in-types.ts';
import { applyFacets, facetNames } from './read-facets.ts';
import type { Component, SchemaDocument, SchemaSet } from './schema-set.ts';

const unsupported: Readonly<Record<string, string>> = {
  NOTATION: 'a notation has no meaning without a DTD: use xs:string',
  ENTITY: 'an entity has no meaning without a DTD: use xs:string',
  ENTITIES: 'an entity has no meaning without a DTD: use xs:string',
};

export class SimpleTypes {
  private readonly schemas: SchemaSet;
  private readonly known = new Map<string, ScalarType>();
  private readonly open = new Set<string>();

  constructor(schemas: SchemaSet) {
    this.schemas = schemas;
  }

  getBuiltIn(from: WsdlElement, name: string): ScalarType {
    const type = Object.hasOwn(builtInTypes, name) ? builtInTypes[name] : undefined;
    return (
      type ?? refuse(from, `type xs:${name} is not supported`, unsupported[name] ?? 'XML Schema 1.0 has no such type')
    );
  }

  /** @returns undefined if the reference is to a type with elements or attributes. */
  find(from: WsdlElement, document: SchemaDocument, reference: string): ScalarType | undefined {
    const name = this.schemas.resolve(from, document, reference);
    if (name.namespace === schemaNamespace) return this.getBuiltIn(from, name.local);
    const component = this.schemas.get('type', from, document, reference);
    return component.element.local === 'simpleType' ? this.getNamed(component, from) : undefined;
  }

  get(from: WsdlElement, document: SchemaDocument, reference: string): ScalarType {
    const type = this.find(from, document, reference);
    return (
      type ?? refuse(from, `${quoteElement(from)} needs a simple type, and ${reference} has elements or attributes`)
    );
  }

  /** A mistake in a type that nothing uses is a mistake of the contract all the same. */
  readAll(): void {
    for (const component of this.schemas.list('type')) {
      if (component.element.local === 'simpleType') this.getNamed(component, component.element);
    }
  }

  private getNamed({ name, element, document }: Component, from: WsdlElement): ScalarType {
    const key = expandName(name);
    const done = this.known.get(key);
    if (done !== undefined) return done;
    if (this.open.has(key)) refuse(from, `type ${name.local} is made of itself`);
    this.open.add(key);
    const type = this.read(element, document);
    this.open.delete(key);
    this.known.set(key, type);
    return type;
  }

  /** Of a <simpleType>. */
  read(element: WsdlElement, document: SchemaDocument): ScalarType {
    allowOnly(element, { attributes: ['name', 'final'], children: ['restriction', 'list', 'union'] });
    const [inner, more] = element.children.filter(({ local }) => local !== 'annotation');
    if (inner === undefined || more !== undefined) {
      return refuse(element, `${quoteElement(element)} needs one <restriction>, <list> or <union>`);
    }
    if (inner.local === 'list') return this.readList(inner, document);
    return inner.local === 'union' ? this.readUnion(inner, document) : this.readRestriction(inner, document);
  }

  private readRestriction(restriction: WsdlElement, document: SchemaDocument): ScalarType {
    allowOnly(restriction, { attributes: ['base'], children: ['simpleType', ...facetNames] });
    return applyFacets(this.getOne(restriction, document, 'base'), restriction);
  }

  /** The type that an attribute names or that is written inside. */
  private getOne(element: WsdlElement, document: SchemaDocument, attribute: string): ScalarType {
    const reference = element.attributes.get(attribute);
    const inner = element.children.find(({ local }) => local === 'simpleType');
    if ((reference === undefined) === (inner === undefined)) {
      refuse(element, `<${element.local}> needs either "${attribute}" or one <simpleType>`);
    }
    return inner === undefined ? this.get(element, document, reference!) : this.read(inner, document);
  }

  private readList(list: WsdlElement, document: SchemaDocument): ScalarType {
    allowOnly(list, { attributes: ['itemType'], children: ['simpleType'] });
    const item = this.getOne(list, document, 'itemType');
    this.refuseInside(list, item, ['list', 'QName']);
    return { kind: 'list', item };
  }

  private readUnion(union: WsdlElement, document: SchemaDocument): ScalarType {
    allowOnly(union, { attributes: ['memberTypes'], children: ['simpleType'] });
    const references = (union.attributes.get('memberTypes') ?? '').split(/\s+/).filter((name) => name !== '');
    const members = references.map((reference) => this.get(union, document, reference));
    for (const child of union.children) if (child.local === 'simpleType') members.push(this.read(child, document));
    if (members.length === 0) refuse(union, '<union> has no member types');
    for (const member of members) this.refuseInside(union, member, ['QName']);
    return { kind: 'union', members };
  }

  private refuseInside(element: WsdlElement, type: ScalarType, kinds: readonly string[]): void {
    const inner = [type, ...(type.members ?? [])].find(({ kind }) => kinds.includes(kind));
    if (inner !== undefined) refuse(element, `a ${element.local} of ${inner.kind} is not supported`, 'use xs:string');
  }
}
