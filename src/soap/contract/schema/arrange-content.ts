// Works out what a content model means for its elements: which may be absent, which may come several times; and refuses the
// models that a tree of values, keyed by name, or a reader without look-ahead could not follow.
import type { Field, GroupParticle, Particle } from '../schema.ts';
import { quoteElement, refuse, type WsdlElement } from '../wsdl-tree.ts';

interface Around {
  readonly optional: boolean;
  readonly repeated: boolean;
}

/** Without what can never come, and without groups that group nothing. */
function simplify(particle: Particle): Particle | undefined {
  if (particle.most === 0) return undefined;
  if (particle.kind === 'element' || particle.kind === 'any') return particle;
  const particles = particle.particles.flatMap((child): readonly Particle[] => {
    const simple = simplify(child);
    if (simple === undefined) return [];
    const isPart = simple.kind === 'sequence' && isOnce(simple) && particle.kind === 'sequence';
    return isPart ? simple.particles : [simple];
  });
  const [only, second] = particles;
  if (only === undefined) return undefined;
  return second === undefined && isOnce(particle) && particle.kind !== 'all' ? only : { ...particle, particles };
}

function isOnce({ least, most }: Particle): boolean {
  return least === 1 && most === 1;
}

function arrange(particle: Particle, around: Around): Particle {
  const optional = around.optional || particle.least === 0;
  const repeated = around.repeated || particle.most > 1;
  if (particle.kind === 'any') return particle;
  if (particle.kind === 'element') return { ...particle, field: { ...particle.field, optional, repeated } };
  const inside = { optional: optional || particle.kind === 'choice', repeated };
  return { ...particle, particles: particle.particles.map((child) => arrange(child, inside)) };
}

export function listLeaves(particle: Particle): Exclude<Particle, GroupParticle>[] {
  if (particle.kind === 'element' || particle.kind === 'any') return [particle];
  return particle.particles.flatMap(listLeaves);
}

function isEmptiable(particle: Particle): boolean {
  if (particle.least === 0) return true;
  if (particle.kind === 'element' || particle.kind === 'any') return false;
  const { particles } = particle;
  return particle.kind === 'choice' ? particles.some(isEmptiable) : particles.every(isEmptiable);
}

type Leaves = ReadonlySet<Particle>;

/** The leaves that may come first. */
function findFirst(particle: Particle): Leaves {
  if (particle.kind === 'element' || particle.kind === 'any') return new Set([particle]);
  const first = new Set<Particle>();
  for (const child of particle.particles) {
    findFirst(child).forEach((leaf) => first.add(leaf));
    if (particle.kind === 'sequence' && !isEmptiable(child)) break;
  }
  return first;
}

/**
 * Each element has one place in a model (see below), so the only doubt can be how often a place has been passed: in
 * (a{1,2}){1,2} nobody knows whether the second "a" continues the inner count or the outer one.
 */
function refuseDoubt(particle: Particle, follow: Leaves, element: WsdlElement): void {
  const first = findFirst(particle);
  const isOpen = particle.least !== particle.most || isEmptiable(particle);
  const doubtful = isOpen ? [...first].find((leaf) => follow.has(leaf)) : undefined;
  if (doubtful !== undefined) {
    const name = doubtful.kind === 'element' ? `element "${doubtful.field.name}"` : '<any>';
    refuse(
      element,
      `${name} is counted in two groups of ${quoteElement(element)}, one in the other`,
      'count it in one place',
    );
  }
  if (particle.kind === 'element' || particle.kind === 'any') return;
  const around = particle.most > 1 ? new Set([...follow, ...first]) : follow;
  let after: Leaves = around;
  for (const child of particle.particles.toReversed()) {
    refuseDoubt(child, particle.kind === 'sequence' ? after : around, element);
    if (particle.kind !== 'sequence') continue;
    const own = findFirst(child);
    after = isEmptiable(child) ? new Set([...after, ...own]) : own;
  }
}

export interface Content {
  readonly particle?: GroupParticle;
  readonly fields: readonly Field[];
}

/** @param element the type, for messages. */
export function arrangeContent(model: Particle | undefined, element: WsdlElement): Content {
  const simple = model === undefined ? undefined : simplify(model);
  if (simple === undefined) return { fields: [] };
  const isGroup = simple.kind !== 'element' && simple.kind !== 'any';
  const group: Particle = isGroup ? simple : { kind: 'sequence', particles: [simple], least: 1, most: 1 };
  const particle = arrange(group, { optional: false, repeated: false }) as GroupParticle;
  const leaves = listLeaves(particle);
  const fields = leaves.flatMap((leaf) => (leaf.kind === 'element' ? [leaf.field] : []));
  const names = new Set<string>();
  for (const { name } of fields) {
    if (names.has(name)) {
      const advice = 'values are kept by name: rename one of them, or move it into an element of its own';
      refuse(element, `one type names element "${name}" twice`, advice);
    }
    names.add(name);
  }
  if (leaves.length - fields.length > 1) {
    refuse(element, `${quoteElement(element)} has two <any>`, 'what comes there is kept in one list: leave one <any>');
  }
  refuseDoubt(particle, new Set(), element);
  return { particle, fields };
}

/** Whether its elements are one plain sequence, each at most once or without a limit. */
export function isPlainModel(particle: GroupParticle | undefined, fields: readonly Field[]): boolean {
  if (particle === undefined) return true;
  if (particle.kind !== 'sequence' || !isOnce(particle) || particle.particles.length !== fields.length) return false;
  return particle.particles.every(
    (leaf) =>
      leaf.kind === 'element' &&
      leaf.least <= 1 &&
      (leaf.most === 1 || leaf.most === Infinity) &&
      leaf.field.default === undefined &&
      leaf.field.fixed === undefined,
  );
}
