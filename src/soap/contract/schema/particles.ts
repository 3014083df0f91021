// Content models as they are written: sequences, choices, "all", named groups, elements and wildcards. What their elements
// mean for the whole type is worked out in arrange-content.ts.
import type { AnyType, ComplexType, Field, GroupParticle, Particle, ScalarType } from '../schema.ts';
import { isAny, isComplex } from '../schema.ts';
import { allowOnly, getAttribute, quoteElement, refuse, type WsdlElement } from '../wsdl-tree.ts';
import { readFlag, readOccurs, readPresets, readWildcard } from './declarations.ts';
import { readForm, type Component, type SchemaDocument, type SchemaSet } from './schema-set.ts';

/** Children of a type that are its content model. */
export const modelChildren = ['sequence', 'choice', 'all', 'group'];

/** The type that an element names or that is written inside it. */
export type ReadElementType = (element: WsdlElement, document: SchemaDocument) => ScalarType | ComplexType | AnyType;

type Declaration = Omit<Field, 'optional' | 'repeated' | 'least' | 'most'>;

const advice = {
  abstract: 'declare the elements that may come, in a choice',
  substitutionGroup: 'declare the elements that may come, in a choice',
  block: 'remove it',
  key: 'remove it: uniqueness is not checked',
  keyref: 'remove it: uniqueness is not checked',
  unique: 'remove it: uniqueness is not checked',
};

const kindsOfType = ['simpleType', 'complexType'];

export class ParticleReader {
  private readonly schemas: SchemaSet;
  private readonly readType: ReadElementType;

  constructor(schemas: SchemaSet, readType: ReadElementType) {
    this.schemas = schemas;
    this.readType = readType;
  }

  /** The content model of a type or a derivation; undefined if it has none. */
  readModel(parent: WsdlElement, document: SchemaDocument): Particle | undefined {
    const models = parent.children.filter(({ local }) => modelChildren.includes(local));
    if (models.length > 1)
      refuse(models[1]!, `${quoteElement(parent)} has two content models`, 'put both into one <sequence>');
    return models[0] === undefined ? undefined : this.read(models[0], document, []);
  }

  private read(element: WsdlElement, document: SchemaDocument, groups: readonly string[]): Particle {
    if (element.local === 'element') return this.readElement(element, document);
    if (element.local === 'any') {
      return { kind: 'any', wildcard: readWildcard(element, document), ...readOccurs(element) };
    }
    if (element.local === 'group') return this.readGroup(element, document, groups);
    return this.readCompositor(element, document, groups);
  }

  private readCompositor(element: WsdlElement, document: SchemaDocument, groups: readonly string[]): GroupParticle {
    const kind = element.local as GroupParticle['kind'];
    const children = kind === 'all' ? ['element'] : ['element', 'any', 'sequence', 'choice', 'group'];
    allowOnly(element, { attributes: ['minOccurs', 'maxOccurs'], children });
    const particles: Particle[] = [];
    for (const child of element.children) {
      if (!children.includes(child.local)) continue;
      const particle = this.read(child, document, groups);
      if (kind === 'all' && particle.most > 1)
        refuse(child, 'in <all> an element comes once at most', 'use <sequence>');
      particles.push(particle);
    }
    const occurs = readOccurs(element);
    if (kind === 'all' && occurs.most > 1) refuse(element, '<all> comes once at most', 'use <sequence> or <choice>');
    if (kind === 'choice' && particles.length === 0) refuse(element, 'an empty <choice> fits nothing', 'remove it');
    return { kind, particles, ...occurs };
  }

  private readGroup(reference: WsdlElement, document: SchemaDocument, groups: readonly string[]): Particle {
    allowOnly(reference, { attributes: ['ref', 'minOccurs', 'maxOccurs'], children: [] });
    const name = getAttribute(reference, 'ref');
    const group = this.schemas.get('group', reference, document, name);
    if (groups.includes(group.name.local)) refuse(reference, `group ${name} contains itself`);
    allowOnly(group.element, { attributes: ['name'], children: ['sequence', 'choice', 'all'] });
    const [model] = group.element.children.filter(({ local }) => local !== 'annotation');
    if (model === undefined) return refuse(group.element, `${quoteElement(group.element)} is empty`);
    const particle = this.readCompositor(model, group.document, [...groups, group.name.local]);
    return { ...particle, ...readOccurs(reference) };
  }

  private readElement(element: WsdlElement, document: SchemaDocument): Particle {
    const reference = element.attributes.get('ref');
    const occurs = readOccurs(element);
    let declaration: Declaration;
    if (reference === undefined) {
      const attributes = ['name', 'type', 'nillable', 'minOccurs', 'maxOccurs', 'form', 'default', 'fixed'];
      allowOnly(element, { attributes, children: kindsOfType, advice });
      const qualified = element.attributes.has('form') ? readForm(element, 'form') : document.qualifiesElements;
      declaration = this.readDeclaration(element, document, qualified ? document.namespace : '');
    } else {
      allowOnly(element, { attributes: ['ref', 'minOccurs', 'maxOccurs'], children: [], advice });
      declaration = this.readGlobal(this.schemas.get('element', element, document, reference));
    }
    const field: Field = { ...declaration, ...occurs, optional: occurs.least === 0, repeated: occurs.most > 1 };
    return { kind: 'element', field, ...occurs };
  }

  readGlobal({ element, document, name }: Component): Declaration {
    const attributes = ['name', 'type', 'nillable', 'default', 'fixed', 'final'];
    allowOnly(element, { attributes, children: kindsOfType, advice });
    return this.readDeclaration(element, document, name.namespace);
  }

  private readDeclaration(element: WsdlElement, document: SchemaDocument, namespace: string): Declaration {
    const name = getAttribute(element, 'name');
    const inner = element.children.filter(({ local }) => kindsOfType.includes(local));
    if (inner.length + (element.attributes.has('type') ? 1 : 0) > 1) {
      refuse(element, `element "${name}" needs one type`, 'remove the others');
    }
    const type = this.readType(element, document);
    const nillable = readFlag(element, 'nillable');
    const presets = readPresets(element, isComplex(type) || isAny(type) ? undefined : type);
    return { name, namespace, type, nillable, ...presets };
  }
}
