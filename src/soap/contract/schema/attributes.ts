// The attributes of a type: its own, those of its groups, and the wildcard for others.
import type { AttributeField, ScalarType, Wildcard } from '../schema.ts';
import { schemaNamespace } from '../soap-version.ts';
import { allowOnly, getAttribute, quoteElement, refuse, type WsdlElement } from '../wsdl-tree.ts';
import { xmlNamespace } from '../xml-namespace.ts';
import { readPresets, readWildcard } from './declarations.ts';
import { readForm, type SchemaDocument, type SchemaSet } from './schema-set.ts';
import type { SimpleTypes } from './simple-types.ts';

export interface Attributes {
  readonly list: readonly AttributeField[];
  readonly any?: Wildcard;
}

const uses = ['required', 'optional', 'prohibited'] as const;

/** Children of a type that are about its attributes. */
export const attributeChildren = ['attribute', 'attributeGroup', 'anyAttribute'];

export class AttributeReader {
  private readonly schemas: SchemaSet;
  private readonly simpleTypes: SimpleTypes;

  constructor(schemas: SchemaSet, simpleTypes: SimpleTypes) {
    this.schemas = schemas;
    this.simpleTypes = simpleTypes;
  }

  /** Of a type, a derivation or an attribute group. */
  read(parent: WsdlElement, document: SchemaDocument, groups: readonly string[] = []): Attributes {
    const list: AttributeField[] = [];
    let any: Wildcard | undefined;
    for (const child of parent.children) {
      if (child.namespace !== schemaNamespace) continue;
      if (child.local === 'attribute') list.push(this.readAttribute(child, document));
      const others = child.local === 'attributeGroup' ? this.readGroup(child, document, groups) : undefined;
      list.push(...(others?.list ?? []));
      const wildcard = child.local === 'anyAttribute' ? readWildcard(child, document) : others?.any;
      if (wildcard !== undefined && any !== undefined)
        refuse(child, 'two <anyAttribute> in one type are not supported');
      any ??= wildcard;
    }
    for (const [index, { name }] of list.entries()) {
      // A tree of values is keyed by local name.
      if (list.some((other, at) => at < index && other.name === name)) {
        refuse(parent, `${quoteElement(parent)} names attribute "${name}" twice`, 'remove one of them');
      }
    }
    return any === undefined ? { list } : { list, any };
  }

  private readGroup(reference: WsdlElement, document: SchemaDocument, groups: readonly string[]): Attributes {
    allowOnly(reference, { attributes: ['ref'], children: [] });
    const name = getAttribute(reference, 'ref');
    const group = this.schemas.get('attributeGroup', reference, document, name);
    if (groups.includes(group.name.local)) refuse(reference, `attribute group ${name} contains itself`);
    allowOnly(group.element, { attributes: ['name'], children: attributeChildren });
    return this.read(group.element, group.document, [...groups, group.name.local]);
  }

  private readAttribute(element: WsdlElement, document: SchemaDocument): AttributeField {
    const given = element.attributes.get('use') ?? 'optional';
    const use = uses.find((name) => name === given);
    if (use === undefined) return refuse(element, `use="${given}" is not supported`, `write ${uses.join(', ')}`);
    const reference = element.attributes.get('ref');
    if (reference === undefined) {
      allowOnly(element, { attributes: ['name', 'type', 'use', 'default', 'fixed', 'form'], children: ['simpleType'] });
      const qualified = element.attributes.has('form') ? readForm(element, 'form') : document.qualifiesAttributes;
      const namespace = qualified ? document.namespace : '';
      const type = this.readType(element, document);
      return { name: getAttribute(element, 'name'), namespace, type, use, ...readPresets(element, type) };
    }
    allowOnly(element, { attributes: ['ref', 'use', 'default', 'fixed'], children: [] });
    const declared = this.readReferred(element, document, reference);
    return { ...declared, use, ...readPresets(element, declared.type) };
  }

  private readReferred(element: WsdlElement, document: SchemaDocument, reference: string): Omit<AttributeField, 'use'> {
    const name = this.schemas.resolve(element, document, reference);
    if (name.namespace === xmlNamespace && this.schemas.find('attribute', name) === undefined) {
      // xml:lang and its like: known to all without a schema.
      return { name: name.local, namespace: name.namespace, type: this.simpleTypes.getBuiltIn(element, 'string') };
    }
    const component = this.schemas.get('attribute', element, document, reference);
    allowOnly(component.element, { attributes: ['name', 'type', 'default', 'fixed'], children: ['simpleType'] });
    const type = this.readType(component.element, component.document);
    const presets = readPresets(component.element, type);
    return { name: component.name.local, namespace: component.name.namespace, type, ...presets };
  }

  private readType(element: WsdlElement, document: SchemaDocument): ScalarType {
    const reference = element.attributes.get('type');
    const inner = element.children.find(({ local }) => local === 'simpleType');
    if (reference !== undefined && inner !== undefined) refuse(element, `${quoteElement(element)} has two types`);
    if (reference !== undefined) return this.simpleTypes.get(element, document, reference);
    if (inner !== undefined) return this.simpleTypes.read(inner, document);
    return this.simpleTypes.getBuiltIn(element, 'anySimpleType');
  }
}
