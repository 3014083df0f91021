// The text of an envelope for people: its elements under each other, and card numbers masked where the base is not a test.
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { maskCardNumber } from '../../log.ts';

const shared = { preserveOrder: true, ignoreAttributes: false, commentPropName: '#comment' } as const;
const parser = new XMLParser({ ...shared, parseTagValue: false, parseAttributeValue: false, processEntities: false });
const builder = new XMLBuilder({ ...shared, format: true, indentBy: '  ', processEntities: false });

/** As it is where it is not XML, or was cut. */
export function formatEnvelope(xml: string): string {
  if (XMLValidator.validate(xml) !== true) return xml;
  return builder.build(parser.parse(xml)).trim();
}

/** A card's number, or a fiscal one: nothing else in an envelope has ten digits in a row. */
const longNumber = /(?<![\d.])\d{10,}(?!\d)/g;

export function maskEnvelope(text: string): string {
  return text.replace(longNumber, (number) => maskCardNumber(number));
}
