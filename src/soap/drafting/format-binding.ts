// binding.json as people write it: an object a line for each key, a rule on one line.

export function formatBinding(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[${value.map(formatInline).join(', ')}]`;
  const entries = Object.entries(value).filter(([, own]) => own !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, own]) => `${inner}${JSON.stringify(key)}: ${formatBinding(own, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function formatInline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatInline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, own]) => `${JSON.stringify(key)}: ${formatInline(own)}`);
  return `{ ${entries.join(', ')} }`;
}
