// A recorded envelope as a tree of names and texts: what a real client or a real base has sent, whether it fits the WSDL.
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { envelopeNamespaces } from '../contract/soap-version.ts';

export interface RecordedElement {
  readonly local: string;
  readonly namespace: string;
  /** By local name; declarations and those of XML Schema's instance namespace left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly RecordedElement[];
  readonly text: string;
}

interface OpenElement extends RecordedElement {
  readonly attributes: Map<string, string>;
  readonly children: OpenElement[];
  text: string;
}

const outside = new Set(['http://www.w3.org/2001/XMLSchema-instance', 'http://www.w3.org/2000/xmlns/']);
const deepest = 200;

/** @throws Error if it is not XML. */
export function readElements(xml: string): RecordedElement {
  const root: OpenElement = { local: '', namespace: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw new Error(error.message);
  });
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (open.length > deepest) throw new Error(`more than ${deepest} elements inside each other`);
    const attributes = new Map(
      Object.values(tag.attributes)
        .filter(({ uri }) => !outside.has(uri))
        .map(({ local, value }) => [local, value] as const),
    );
    const element: OpenElement = { local: tag.local, namespace: tag.uri, attributes, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', (text) => {
    open.at(-1)!.text += text;
  });
  parser.on('cdata', (text) => {
    open.at(-1)!.text += text;
  });
  parser.write(xml).close();
  const [element] = root.children;
  if (element === undefined) throw new Error('there is no element in it');
  return element;
}

const envelopes: ReadonlySet<string> = new Set(Object.values(envelopeNamespaces));

/** The element in the body of an envelope; undefined if there is none. */
export function findBodyElement(root: RecordedElement): RecordedElement | undefined {
  if (root.local !== 'Envelope' || !envelopes.has(root.namespace)) return undefined;
  return root.children.find(({ local, namespace }) => local === 'Body' && envelopes.has(namespace))?.children[0];
}
