// Which elements get their default where they are left out. XML Schema gives it to empty ones only; 1C's objects have it in
// both cases.
import type { ComplexType, Field } from './schema.ts';

/** Not an element of a choice or of a group: there its absence means that something else has come. */
export function takesDefault({ particle }: ComplexType, field: Field): boolean {
  if (field.default === undefined || field.least !== 0 || field.repeated || particle === undefined) return false;
  if (particle.kind === 'choice' || particle.least !== 1) return false;
  return particle.particles.some((leaf) => leaf.kind === 'element' && leaf.field === field);
}
