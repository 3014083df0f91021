// A place of a request that the drafted command does not read, and whose words are those of several commands: it may choose
// between them. A draft proposes one command for an operation; this says where a person should write "choose".
import { commandFields, type CommandName } from '../binding/command-fields.ts';
import { isAny } from '../contract/schema.ts';
import type { DraftedCommand } from './draft-operation.ts';
import { listDraftPlaces, type ScalarPlace } from './draft-places.ts';
import { readName } from './name-words.ts';
import { commandWords } from './phrases.ts';
import { scoreName } from './score-name.ts';

const leastScore = 0.6;
const mostWords = 12;
/** A longer text may be a person's, and is not repeated. */
const oneWord = /^[\p{L}_-]{1,40}$/u;

export function hintChoice(
  operation: string,
  { root, request, requestVariant: { wrapper, samples } }: DraftedCommand,
): string[] {
  const unread = new Set(request.unplacedPlaces.map((place) => (root === '' ? place : `${root}/${place}`)));
  const { scalars } = listDraftPlaces(wrapper.type, wrapper.element, samples);
  return scalars
    .filter(({ path, isList }) => !isList && unread.has(path))
    .flatMap((place) => {
      const meant = listWords(place).flatMap((word) => {
        const command = findCommand(new Set([...readName(operation), ...readName(word)]));
        return command === undefined ? [] : [{ word, command }];
      });
      if (new Set(meant.map(({ command }) => command)).size < 2) return [];
      const cases = meant.map(({ word, command }) => `"${word}" ${command}`).join(', ');
      return [`${place.path} may choose the command (${cases}): see "choose" of binding.json`];
    });
}

function listWords({ type, samples }: ScalarPlace): string[] {
  const listed = isAny(type) ? undefined : type.values;
  const words = [...new Set([...(listed ?? []), ...samples])].filter((word) => oneWord.test(word));
  return words.length > mostWords ? [] : words.toSorted();
}

function findCommand(name: ReadonlySet<string>): CommandName | undefined {
  let best: { readonly command: CommandName; readonly score: number } | undefined;
  for (const command of Object.keys(commandFields) as CommandName[]) {
    const { called, subject } = commandWords[command];
    const { score } = scoreName(name, called, { around: new Set(), subject: new Set(subject) });
    if (score >= leastScore && (best === undefined || score > best.score)) best = { command, score };
  }
  return best?.command;
}
