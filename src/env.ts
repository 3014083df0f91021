// The one place where the environment is read: the KKM_... variables, without their prefix.

const prefix = 'KKM_';

/** Settings as text, by name without the prefix: { PORT: "8080" }. An empty value counts as not set. */
export function readEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith(prefix) && value !== undefined && value !== '') given[name.slice(prefix.length)] = value;
  }
  return given;
}
