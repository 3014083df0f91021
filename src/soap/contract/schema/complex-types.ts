// Types with elements or attributes: their content, what they inherit, and which of them stand for which. A type may use any
// other and itself, so all exist before the first is filled.
import { anyType, type AnyType, type ComplexType, type Particle, type ScalarType } from '../schema.ts';
import { schemaNamespace } from '../soap-version.ts';
import {
  allowOnly,
  expandName,
  getAttribute,
  quoteElement,
  refuse,
  type QualifiedName,
  type WsdlElement,
} from '../wsdl-tree.ts';
import { arrangeContent, isPlainModel } from './arrange-content.ts';
import { AttributeReader, attributeChildren, type Attributes } from './attributes.ts';
import { readFlag } from './declarations.ts';
import { modelChildren, ParticleReader } from './particles.ts';
import { applyFacets, facetNames } from './read-facets.ts';
import type { SchemaDocument, SchemaSet } from './schema-set.ts';
import { SimpleTypes } from './simple-types.ts';

type MutableType = { -readonly [K in keyof ComplexType]: ComplexType[K] };

interface Content {
  readonly model?: Particle | undefined;
  readonly attributes: Attributes;
  readonly text?: ScalarType | undefined;
}

interface Draft {
  readonly type: MutableType;
  readonly element: WsdlElement;
  readonly document: SchemaDocument;
  readonly isNamed: boolean;
  base?: Draft;
  content?: Content;
  isOpen: boolean;
}

const noAttributes: Attributes = { list: [] };

const advice = {
  mixed: 'use an element without a type: what comes there is kept as XML',
  block: 'remove it',
};

/** Own attributes replace those of the base that have their names. */
function addAttributes(base: Attributes, own: Attributes, keepAny: boolean): Attributes {
  const kept = base.list.filter(({ name }) => !own.list.some((other) => other.name === name));
  const any = own.any ?? (keepAny ? base.any : undefined);
  return { list: [...kept, ...own.list], ...(any === undefined ? {} : { any }) };
}

export class ComplexTypes {
  readonly particles: ParticleReader;
  private readonly schemas: SchemaSet;
  private readonly simpleTypes: SimpleTypes;
  private readonly attributeReader: AttributeReader;
  private readonly drafts = new Map<WsdlElement, Draft>();

  constructor(schemas: SchemaSet) {
    this.schemas = schemas;
    this.simpleTypes = new SimpleTypes(schemas);
    this.attributeReader = new AttributeReader(schemas, this.simpleTypes);
    this.particles = new ParticleReader(schemas, (element, document) => this.readElementType(element, document));
  }

  /** Everything declared globally is read, used or not: a mistake in it is one of the contract. */
  readAll(): ReadonlyMap<string, ComplexType> {
    const components = this.schemas.list('type').filter(({ element }) => element.local === 'complexType');
    const named = components.map(({ name, element, document }) => this.getDraft(element, document, name).type);
    this.simpleTypes.readAll();
    for (const component of this.schemas.list('element')) this.particles.readGlobal(component);
    // Filling a type adds the types inside it to the end of the list.
    for (const draft of this.drafts.values()) this.fill(draft);
    for (const draft of this.drafts.values()) this.finish(draft);
    const locals = named.map(({ name }) => name);
    return new Map(
      named.map((type) => {
        const isAlone = locals.filter((name) => name === type.name).length === 1;
        return [isAlone ? type.name : expandName({ namespace: type.namespace, local: type.name }), type];
      }),
    );
  }

  readElementType(element: WsdlElement, document: SchemaDocument): ScalarType | ComplexType | AnyType {
    const reference = element.attributes.get('type');
    if (reference !== undefined) return this.resolveType(element, document, reference);
    const inner = element.children.find(({ local }) => local === 'complexType' || local === 'simpleType');
    if (inner === undefined) return anyType;
    if (inner.local === 'simpleType') return this.simpleTypes.read(inner, document);
    return this.getDraft(inner, document, { namespace: document.namespace, local: getAttribute(element, 'name') }).type;
  }

  private resolveType(
    element: WsdlElement,
    document: SchemaDocument,
    reference: string,
  ): ScalarType | ComplexType | AnyType {
    const name = this.schemas.resolve(element, document, reference);
    if (name.namespace === schemaNamespace && name.local === 'anyType') return anyType;
    const simple = this.simpleTypes.find(element, document, reference);
    if (simple !== undefined) return simple;
    const component = this.schemas.get('type', element, document, reference);
    return this.getDraft(component.element, component.document, component.name).type;
  }

  private getDraft(element: WsdlElement, document: SchemaDocument, { local, namespace }: QualifiedName): Draft {
    const known = this.drafts.get(element);
    if (known !== undefined) return known;
    const type: MutableType = {
      name: local,
      namespace,
      fields: [],
      attributes: [],
      isPlain: false,
      isAbstract: false,
      derived: new Map(),
    };
    const draft = { type, element, document, isNamed: element.attributes.has('name'), isOpen: false };
    this.drafts.set(element, draft);
    return draft;
  }

  private fill(draft: Draft): Content {
    const { type, element } = draft;
    if (draft.content !== undefined) return draft.content;
    if (draft.isOpen) refuse(element, `type ${type.name} is derived from itself`);
    draft.isOpen = true;
    const content = this.readContent(draft);
    draft.isOpen = false;
    draft.content = content;
    const { fields, particle } = arrangeContent(content.model, element);
    type.fields = fields;
    if (particle !== undefined) type.particle = particle;
    type.attributes = content.attributes.list;
    if (content.attributes.any !== undefined) type.anyAttribute = content.attributes.any;
    if (content.text !== undefined) type.text = content.text;
    type.isAbstract = readFlag(element, 'abstract');
    return content;
  }

  private readContent(draft: Draft): Content {
    const { element, document } = draft;
    const derivations = ['simpleContent', 'complexContent'];
    const children = [...modelChildren, ...attributeChildren, ...derivations];
    allowOnly(element, { attributes: ['name', 'abstract', 'mixed', 'final'], children, advice });
    this.refuseMixed(element);
    const derived = element.children.find(({ local }) => derivations.includes(local));
    if (derived !== undefined) return this.readDerivation(draft, derived);
    return {
      model: this.particles.readModel(element, document),
      attributes: this.attributeReader.read(element, document),
    };
  }

  private refuseMixed(element: WsdlElement): void {
    if (readFlag(element, 'mixed'))
      refuse(element, `mixed content of ${quoteElement(element)} is not supported`, advice.mixed);
  }

  private readDerivation(draft: Draft, content: WsdlElement): Content {
    allowOnly(content, { attributes: ['mixed'], children: ['extension', 'restriction'] });
    this.refuseMixed(content);
    const [derivation, more] = content.children.filter(({ local }) => local !== 'annotation');
    if (derivation === undefined || more !== undefined) {
      return refuse(content, `<${content.local}> needs one <extension> or <restriction>`);
    }
    const isSimple = content.local === 'simpleContent';
    const ownChildren = isSimple ? (derivation.local === 'restriction' ? facetNames : []) : modelChildren;
    allowOnly(derivation, { attributes: ['base'], children: [...ownChildren, ...attributeChildren] });
    const base = this.readBase(draft, derivation);
    const own = this.attributeReader.read(derivation, draft.document);
    const attributes = addAttributes(base.attributes, own, derivation.local === 'extension');
    if (isSimple) return { attributes, text: this.readText(derivation, base) };
    if (base.text !== undefined) refuse(derivation, 'the base has a text, not elements', 'use <simpleContent>');
    const model = this.particles.readModel(derivation, draft.document);
    if (derivation.local === 'restriction' || base.model === undefined) return { model, attributes };
    if (model === undefined) return { model: base.model, attributes };
    if (base.model.kind === 'all' || model.kind === 'all') {
      refuse(derivation, '<all> cannot be extended', 'use <sequence> in both types');
    }
    return { model: { kind: 'sequence', particles: [base.model, model], least: 1, most: 1 }, attributes };
  }

  private readText(derivation: WsdlElement, { text }: Content): ScalarType {
    if (text === undefined) return refuse(derivation, 'the base has no text', 'use <complexContent>');
    return derivation.local === 'restriction' ? applyFacets(text, derivation) : text;
  }

  private readBase(draft: Draft, derivation: WsdlElement): Content {
    const type = this.resolveType(derivation, draft.document, getAttribute(derivation, 'base'));
    const base = [...this.drafts.values()].find((other) => other.type === type);
    if (base !== undefined) {
      draft.base = base;
      return this.fill(base);
    }
    if (type === anyType) return { attributes: noAttributes };
    return { attributes: noAttributes, text: type as ScalarType };
  }

  /** After all are filled. */
  private finish({ type, isNamed, base }: Draft): void {
    for (let ancestor = isNamed ? base : undefined; ancestor !== undefined; ancestor = ancestor.base) {
      const key = expandName({ namespace: type.namespace, local: type.name });
      (ancestor.type.derived as Map<string, ComplexType>).set(key, type);
      ancestor.type.isPlain = false;
    }
    const hasMore = type.attributes.length > 0 || type.anyAttribute !== undefined || type.text !== undefined;
    type.isPlain = !hasMore && !type.isAbstract && type.derived.size === 0 && isPlainModel(type.particle, type.fields);
  }
}
