// Places of a reply whose value may differ between a recording and a fresh run, named by a small subset of XPath.
// A mask ignores only the value of the place it names: the place itself and its neighbours must still be there.
import type { CanonicalAttribute, CanonicalElement } from './canonical.ts';

/** One step from the root downwards: `deep` after `//`; `position` counts children of one local name from 1. */
type Step = { readonly deep: boolean; readonly local: string | null; readonly position: number | null };

/**
 * What a mask's `xpath` may say: `/a/b`, `//b`, `*`, `b[2]`, and at the end `text()` or `@c`. Prefixes are allowed and
 * ignored: names are matched by their local part, as a recording's prefixes are not the service's.
 */
type Place = { readonly steps: readonly Step[]; readonly end: 'element' | 'text' | { readonly attribute: Step } };

export type Mask = {
  readonly xpath: string;
  readonly why: string;
  /**
   * Binds the recorded value to the fresh one under this name: later replies must have the same pair, and later requests
   * are sent with the fresh value. null = the value may be anything.
   */
  readonly boundAs: string | null;
  /** The file the mask was read from, as shown to the reader. */
  readonly file: string;
  readonly place: Place;
};

/** Which nodes of one tree are masked: whole (value, attributes, content), text only, or one attribute. */
export type MaskedNodes = {
  readonly whole: ReadonlyMap<CanonicalElement, Mask>;
  readonly text: ReadonlyMap<CanonicalElement, Mask>;
  readonly attributes: ReadonlyMap<CanonicalAttribute, Mask>;
  /** The masks that named at least one node. */
  readonly used: ReadonlySet<Mask>;
};

const name = String.raw`(?:[\p{L}_][\p{L}\p{N}._-]*:)?([\p{L}_][\p{L}\p{N}._-]*)`;
const stepForm = new RegExp(
  String.raw`(//?)(?:(text\(\))|@${name}|(?:(\*)|${name})(?:\[([1-9]\d{0,8})\])?)(?=/|$)`,
  'uy',
);

/** The place an xpath names, or the reason why it is refused. */
export function parsePlace(xpath: string): Place | { readonly refused: string } {
  const steps: Step[] = [];
  let end: Place['end'] = 'element';
  stepForm.lastIndex = 0;
  for (let at = 0; at < xpath.length; at = stepForm.lastIndex) {
    const found = stepForm.exec(xpath);
    if (found === null) return { refused: `cannot read "${xpath.slice(at)}"` };
    if (end !== 'element') return { refused: 'text() and @name may stand at the end only' };
    const [, slashes, text, attribute, , local, position] = found;
    const deep = slashes === '//';
    if (text !== undefined) {
      if (deep) return { refused: '//text() names no element: write the element before /text()' };
      end = 'text';
    } else if (attribute !== undefined) end = { attribute: { deep, local: attribute, position: null } };
    else steps.push({ deep, local: local ?? null, position: position === undefined ? null : Number(position) });
  }
  // `//*` would mask the whole reply, with all neighbours.
  const named = typeof end === 'object' ? end.attribute.deep || steps.length > 0 : steps.some(({ local }) => local);
  if (!named) return { refused: 'it names no element' };
  return { steps, end };
}

/** Finds the masked nodes of a tree. If two masks name one node, the first applies, and both count as used. */
export function findMaskedNodes(root: CanonicalElement, masks: readonly Mask[]): MaskedNodes {
  const whole = new Map<CanonicalElement, Mask>();
  const text = new Map<CanonicalElement, Mask>();
  const attributes = new Map<CanonicalAttribute, Mask>();
  const used = new Set<Mask>();
  const keep = <Node>(nodes: Map<Node, Mask>, node: Node, mask: Mask): void => {
    used.add(mask);
    if (!nodes.has(node)) nodes.set(node, mask);
  };
  for (const mask of masks) {
    const { steps, end } = mask.place;
    const elements = findElements(root, steps);
    if (typeof end === 'object') {
      const owners = end.attribute.deep ? findWithDescendants(root, elements, steps.length === 0) : elements;
      for (const owner of owners) {
        const found = owner.attributes.find((attribute) => attribute.local === end.attribute.local);
        if (found !== undefined) keep(attributes, found, mask);
      }
    } else {
      for (const element of elements) keep(end === 'text' ? text : whole, element, mask);
    }
  }
  return { whole, text, attributes, used };
}

function findElements(root: CanonicalElement, steps: readonly Step[]): Set<CanonicalElement> {
  // null is the document, whose only child is the root.
  let current = new Set<CanonicalElement | null>([null]);
  for (const step of steps) {
    const next = new Set<CanonicalElement | null>();
    for (const parent of current) {
      const parents = step.deep ? listParents(root, parent) : [parent];
      for (const each of parents) for (const child of pickChildren(root, each, step)) next.add(child);
    }
    current = next;
  }
  return new Set([...current].filter((element) => element !== null));
}

function listParents(root: CanonicalElement, from: CanonicalElement | null): (CanonicalElement | null)[] {
  return from === null ? [null, ...listDescendants(root)] : listDescendants(from);
}

/** The element itself and all below it. */
function listDescendants(from: CanonicalElement): CanonicalElement[] {
  const found = [from];
  // The list grows while it is walked: that is the walk.
  for (const element of found) for (const child of element.children) found.push(child);
  return found;
}

function findWithDescendants(
  root: CanonicalElement,
  elements: ReadonlySet<CanonicalElement>,
  fromDocument: boolean,
): Set<CanonicalElement> {
  return new Set(fromDocument ? listDescendants(root) : [...elements].flatMap(listDescendants));
}

function pickChildren(root: CanonicalElement, parent: CanonicalElement | null, step: Step): CanonicalElement[] {
  const children = parent === null ? [root] : parent.children;
  const named = step.local === null ? children : children.filter((child) => child.local === step.local);
  return step.position === null ? [...named] : named.slice(step.position - 1, step.position);
}
