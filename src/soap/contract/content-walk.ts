// Follows a content model, without look-ahead: at each place the next element alone decides. The same walk reads the children
// of a request and puts the values of a reply in order, so that what one accepts the other writes.
import type { AnyParticle, ElementParticle, Particle } from './schema.ts';
import type { Sliced } from './slices.ts';

/** One place of a model, prepared: `first` are the leaves that may come first in it. */
export interface Step<L> {
  readonly kind: 'leaf' | 'sequence' | 'choice' | 'all';
  readonly leaf?: L;
  readonly steps: readonly Step<L>[];
  readonly least: number;
  readonly most: number;
  readonly isEmptiable: boolean;
  readonly first: readonly L[];
}

export interface Source<L> {
  /** Whether the next thing belongs there. */
  readonly isAt: (leaf: L) => boolean;
  /** Takes it, or returns the work that does. */
  readonly take: (leaf: L) => Sliced<void> | undefined;
  /** One of these should have come. */
  readonly refuseMissing: (leaves: readonly L[]) => never;
}

export function compileSteps<L>(particle: Particle, makeLeaf: (particle: ElementParticle | AnyParticle) => L): Step<L> {
  const { kind, least, most } = particle;
  if (kind === 'element' || kind === 'any') {
    const leaf = makeLeaf(particle);
    return { kind: 'leaf', leaf, steps: [], least, most, isEmptiable: least === 0, first: [leaf] };
  }
  const steps = particle.particles.map((child) => compileSteps(child, makeLeaf));
  const isContentEmptiable =
    kind === 'choice' ? steps.some((step) => step.isEmptiable) : steps.every((step) => step.isEmptiable);
  const mandatory = kind === 'sequence' ? steps.findIndex((step) => !step.isEmptiable) : -1;
  const reachable = mandatory === -1 ? steps : steps.slice(0, mandatory + 1);
  const first = reachable.flatMap((step) => step.first);
  return { kind, steps, least, most, isEmptiable: least === 0 || isContentEmptiable, first };
}

function startsHere<L>({ first }: Step<L>, source: Source<L>): boolean {
  for (const leaf of first) if (source.isAt(leaf)) return true;
  return false;
}

/** The step as often as it comes. */
export function* walk<L>(step: Step<L>, source: Source<L>): Sliced<void> {
  let count = 0;
  for (; count < step.most && startsHere(step, source); count += 1) yield* walkOnce(step, source);
  if (count >= step.least || step.isEmptiable) return;
  if (step.kind === 'leaf' || step.kind === 'choice') source.refuseMissing(step.first);
  // Names the element that is missing in it.
  yield* walkOnce(step, source);
}

function* walkOnce<L>(step: Step<L>, source: Source<L>): Sliced<void> {
  if (step.kind === 'leaf') {
    const taking = source.take(step.leaf!);
    if (taking !== undefined) yield* taking;
  } else if (step.kind === 'sequence') for (const child of step.steps) yield* walk(child, source);
  else if (step.kind === 'choice')
    yield* walk(
      step.steps.find((child) => startsHere(child, source))!,
      source,
    );
  else yield* walkAll(step.steps, source);
}

/** In any order. */
function* walkAll<L>(steps: readonly Step<L>[], source: Source<L>): Sliced<void> {
  const left = new Set(steps);
  for (;;) {
    const next = [...left].find((step) => startsHere(step, source));
    if (next === undefined) break;
    yield* walk(next, source);
    left.delete(next);
  }
  for (const step of left) yield* walk(step, source);
}

/** Whether the order of the elements is more than their names: then a tree has it under #order. */
export function keepsOrder(particle: Particle): boolean {
  if (particle.kind === 'element' || particle.kind === 'any') return false;
  return (particle.most > 1 && countLeaves(particle) > 1) || particle.particles.some(keepsOrder);
}

function countLeaves(particle: Particle): number {
  if (particle.kind === 'element' || particle.kind === 'any') return 1;
  return particle.particles.reduce((sum, child) => sum + countLeaves(child), 0);
}
