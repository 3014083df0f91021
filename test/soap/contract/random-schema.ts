// Random schemas out of everything that a contract may have: two schemas that import each other, in the manner of 1C. The text
// is written here, without the service's sources, and a validator of another maker reads the same text.
import type { Arbitrary, GeneratorValue } from 'fast-check';
import * as fc from 'fast-check';

/** Decisions of one run: fast-check makes them from its seed. */
export class Dice {
  private readonly draw: GeneratorValue;
  constructor(draw: GeneratorValue) {
    this.draw = draw;
  }
  from<T>(arbitrary: Arbitrary<T>): T {
    return this.draw(() => arbitrary);
  }
  upTo(most: number): number {
    return this.draw(fc.nat, most);
  }
  pick<T>(list: readonly T[]): T {
    return list[this.upTo(list.length - 1)]!;
  }
  chance(percent: number): boolean {
    return this.upTo(99) < percent;
  }
}

export const serviceNamespace = 'urn:till';
export const packageNamespace = 'http://example.com/exchange';

/** Without anyURI: libxml2 looks inside it, this service does not. */
const builtIns =
  `string normalizedString token language Name NCName NMTOKEN NMTOKENS ID QName boolean decimal integer long int short
  byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger unsignedLong unsignedInt unsignedShort unsignedByte
  float double dateTime date time duration gYearMonth gYear gMonthDay gDay gMonth base64Binary hexBinary anySimpleType`.split(
    /\s+/,
  );

/** Restrictions of simple types: the base, then the facets. */
const restrictions: readonly (readonly [base: string, facets: string])[] = [
  ['string', '<xs:minLength value="2"/><xs:maxLength value="5"/>'],
  ['string', '<xs:length value="3"/>'],
  ['string', '<xs:pattern value="[A-Z]{2}\\d{3}"/>'],
  ['token', '<xs:pattern value="[а-яё]+"/><xs:pattern value="\\p{Lu}+"/>'],
  ['string', '<xs:enumeration value="Продажа"/><xs:enumeration value="Возврат"/>'],
  ['string', '<xs:whiteSpace value="collapse"/><xs:maxLength value="4"/>'],
  ['decimal', '<xs:totalDigits value="6"/><xs:fractionDigits value="2"/>'],
  ['decimal', '<xs:pattern value="\\d+\\.\\d\\d"/>'],
  ['decimal', '<xs:minInclusive value="0"/><xs:maxExclusive value="100.50"/>'],
  ['decimal', '<xs:enumeration value="1.50"/><xs:enumeration value="20"/>'],
  ['int', '<xs:minExclusive value="10"/><xs:maxInclusive value="99"/>'],
  ['double', '<xs:minInclusive value="0"/><xs:maxInclusive value="1e3"/>'],
  ['date', '<xs:minInclusive value="2020-01-01"/><xs:maxExclusive value="2021-01-01"/>'],
  ['dateTime', '<xs:minInclusive value="2020-01-01T00:00:00"/>'],
  ['hexBinary', '<xs:length value="2"/>'],
  ['base64Binary', '<xs:maxLength value="4"/>'],
];

interface Count {
  readonly text: string;
  readonly isOpen: boolean;
}

const once: Count = { text: '', isOpen: false };
const counts: readonly Count[] = [
  once,
  once,
  { text: ' minOccurs="0"', isOpen: true },
  { text: ' minOccurs="0" maxOccurs="unbounded"', isOpen: true },
  { text: ' maxOccurs="unbounded"', isOpen: true },
  { text: ' minOccurs="2" maxOccurs="3"', isOpen: true },
  { text: ' minOccurs="2" maxOccurs="2"', isOpen: false },
];

export class SchemaMaker {
  private readonly dice: Dice;
  private readonly globals: string[] = [];
  private readonly names = ['Чек', 'Sum', 'Строка', 'Data', 'Ёлка', 'x-y.z', 'Код'];
  /** Names of structures that elements may use. */
  private readonly types: string[] = [];
  private count = 0;

  constructor(dice: Dice) {
    this.dice = dice;
  }

  private name(): string {
    this.count += 1;
    return `${this.dice.pick(this.names)}${this.count}`;
  }

  /** Inside <simpleType>. */
  private simple(depth = 0): string {
    const kind = this.dice.upTo(9);
    if (kind === 0 && depth < 1) {
      return `<xs:list><xs:simpleType>${this.simple(2)}</xs:simpleType></xs:list>`;
    }
    if (kind === 1 && depth < 1) {
      return `<xs:union memberTypes="xs:int"><xs:simpleType>${this.simple(2)}</xs:simpleType></xs:union>`;
    }
    const [base, facets] = this.dice.pick(depth === 0 ? restrictions : restrictions.slice(6, 12));
    return `<xs:restriction base="xs:${base}">${facets}</xs:restriction>`;
  }

  /** A simple type for an element or attribute: an attribute of it, or a type inside. */
  private typed(tag: string, attributes: string): string {
    if (this.dice.chance(60)) return `<${tag}${attributes} type="xs:${this.dice.pick(builtIns)}"/>`;
    const inside = `<xs:simpleType>${this.simple()}</xs:simpleType>`;
    if (this.dice.chance(50)) return `<${tag}${attributes}>${inside}</${tag}>`;
    const name = this.name();
    this.globals.push(inside.replace('<xs:simpleType', `<xs:simpleType name="${name}"`));
    return `<${tag}${attributes} type="p:${name}"/>`;
  }

  private attribute(): string {
    const kind = this.dice.upTo(5);
    const name = this.name();
    if (kind === 0) return `<xs:attribute name="${name}" type="xs:int" default="7"/>`;
    if (kind === 1) return `<xs:attribute name="${name}" type="xs:string" fixed="руб" use="required"/>`;
    if (kind === 2) {
      this.globals.push(`<xs:attribute name="${name}" type="xs:token"/>`);
      return `<xs:attribute ref="p:${name}"/>`;
    }
    if (kind === 3) {
      const inside = `<xs:attribute name="${name}" type="xs:date"/>`;
      this.globals.push(`<xs:attributeGroup name="${name}">${inside}</xs:attributeGroup>`);
      return `<xs:attributeGroup ref="p:${name}"/>`;
    }
    const form = this.dice.chance(30) ? ' form="qualified"' : '';
    return this.typed('xs:attribute', ` name="${name}" use="${this.dice.pick(['required', 'optional'])}"${form}`);
  }

  private attributes(): string {
    let text = '';
    while (this.dice.chance(25)) text += this.attribute();
    return this.dice.chance(10) ? `${text}<xs:anyAttribute namespace="##other" processContents="lax"/>` : text;
  }

  private element(depth: number, occurs: string): string {
    const name = this.name();
    const nillable = this.dice.chance(25) ? ' nillable="true"' : '';
    const head = ` name="${name}"${occurs}${nillable}`;
    const kind = this.dice.upTo(11);
    if (kind === 0) return `<xs:element${head}/>`;
    if (kind === 1) return `<xs:element${head} type="xs:anyType"/>`;
    if (kind === 2) return `<xs:element name="${name}"${occurs} type="xs:string" default="по умолчанию"/>`;
    if (kind === 3) return `<xs:element name="${name}"${occurs} type="xs:decimal" fixed="1.5"/>`;
    if (kind === 4) {
      this.globals.push(this.typed('xs:element', ` name="${name}"${nillable}`));
      return `<xs:element ref="p:${name}"${occurs}/>`;
    }
    // An empty element of a nillable structure is no value (C4), so those have tests of their own.
    const plain = ` name="${name}"${occurs}`;
    if (kind === 5 && this.types.length > 0) return `<xs:element${plain} type="p:${this.dice.pick(this.types)}"/>`;
    if (kind <= 7 && depth < 3)
      return `<xs:element${plain}><xs:complexType>${this.content(depth + 1)}</xs:complexType></xs:element>`;
    const form = this.dice.chance(15) ? ' form="unqualified"' : '';
    return this.typed('xs:element', head + form);
  }

  /** `isInLoop`: a group around it is repeated, so that its own count must not be in doubt. */
  private particle(depth: number, isInLoop: boolean): string {
    if (depth < 3 && this.dice.chance(20)) return this.group(depth + 1, isInLoop);
    return this.element(depth, this.dice.pick(isInLoop ? counts.filter(({ isOpen }) => !isOpen) : counts).text);
  }

  private group(depth: number, isInLoop: boolean): string {
    const kind = this.dice.pick(['sequence', 'sequence', 'choice']);
    const count = this.dice.pick(isInLoop ? [once] : counts);
    const inLoop = isInLoop || /maxOccurs/.test(count.text);
    const inside = Array.from({ length: 1 + this.dice.upTo(2) }, () => this.particle(depth, inLoop)).join('');
    if (this.dice.chance(75)) return `<xs:${kind}${count.text}>${inside}</xs:${kind}>`;
    const name = this.name();
    this.globals.push(`<xs:group name="${name}"><xs:${kind}>${inside}</xs:${kind}></xs:group>`);
    return `<xs:group ref="p:${name}"${count.text}/>`;
  }

  /** Inside <complexType>. */
  content(depth: number): string {
    const kind = this.dice.upTo(9);
    if (kind === 0) {
      const inside = Array.from({ length: 1 + this.dice.upTo(3) }, () =>
        this.element(depth, this.dice.pick(['', ' minOccurs="0"'])),
      );
      return `<xs:all>${inside.join('')}</xs:all>${this.attributes()}`;
    }
    if (kind === 1) {
      const base = this.dice.pick(['string', 'decimal', 'QName', 'date']);
      return `<xs:simpleContent><xs:extension base="xs:${base}">${this.attributes()}</xs:extension></xs:simpleContent>`;
    }
    return this.sequence(depth, true) + this.attributes();
  }

  private sequence(depth: number, mayHaveAny: boolean): string {
    const inside = Array.from({ length: this.dice.upTo(4) }, () => this.particle(depth, false)).join('');
    const any = '<xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>';
    return `<xs:sequence>${inside}${mayHaveAny && this.dice.chance(10) ? any : ''}</xs:sequence>`;
  }

  /** The schemas of the service and of its package. */
  make(): { readonly service: string; readonly package: string } {
    for (let left = this.dice.upTo(2); left > 0; left -= 1) {
      const base = this.name();
      this.globals.push(
        `<xs:complexType name="${base}">${this.sequence(2, false)}${this.attributes()}</xs:complexType>`,
      );
      this.types.push(base);
      if (!this.dice.chance(60)) continue;
      const derived = this.name();
      const inside = `<xs:extension base="p:${base}">${this.sequence(2, false)}${this.attributes()}</xs:extension>`;
      this.globals.push(
        `<xs:complexType name="${derived}"><xs:complexContent>${inside}</xs:complexContent></xs:complexType>`,
      );
      this.types.push(derived);
    }
    this.globals.push(`<xs:complexType name="Корень">${this.content(0)}</xs:complexType>`);
    const head = `xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:p="${packageNamespace}" elementFormDefault="qualified"`;
    const wrappers = ['Обменять', 'ОбменятьResponse'].map(
      (name) =>
        `<xs:element name="${name}"><xs:complexType><xs:sequence><xs:element name="return" type="p:Корень"/>` +
        `</xs:sequence></xs:complexType></xs:element>`,
    );
    return {
      service:
        `<xs:schema ${head} targetNamespace="${serviceNamespace}"><xs:import namespace="${packageNamespace}" schemaLocation="package.xsd"/>` +
        `${wrappers.join('')}</xs:schema>`,
      package: `<xs:schema ${head} targetNamespace="${packageNamespace}">${this.globals.join('')}</xs:schema>`,
    };
  }
}
