// What a text file is written in: shown by its mark or its bytes, or given by the operator.

export const textEncodings = ['utf-8', 'windows-1251', 'cp866', 'utf-16le', 'utf-16be'] as const;
export type TextEncoding = (typeof textEncodings)[number];

const otherNames: Readonly<Record<string, TextEncoding>> = {
  utf8: 'utf-8',
  cp1251: 'windows-1251',
  win1251: 'windows-1251',
  'win-1251': 'windows-1251',
  1251: 'windows-1251',
  ibm866: 'cp866',
  'cp-866': 'cp866',
  866: 'cp866',
  dos: 'cp866',
};

/** An encoding by any of its usual names; undefined for another. */
export function findTextEncoding(name: string): TextEncoding | undefined {
  const lower = name.trim().toLowerCase();
  return (
    textEncodings.find((known) => known === lower) ?? (Object.hasOwn(otherNames, lower) ? otherNames[lower] : undefined)
  );
}

/**
 * @param start the first bytes of the file.
 * @param isUtf8 whether all of its bytes are valid UTF-8.
 * @returns undefined where the text is damaged.
 */
export function detectTextEncoding(start: Uint8Array, isUtf8: boolean): TextEncoding | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  // Cyrillic text of another encoding is almost never valid UTF-8.
  if (isUtf8) return 'utf-8';
  const sample = start.subarray(0, sampleBytes);
  if (isDamagedUtf8(sample)) return undefined;
  return scoreRussian(sample, 'cp866') > scoreRussian(sample, 'windows-1251') ? 'cp866' : 'windows-1251';
}

const sampleBytes = 1_000_000;

/** In windows-1251 every byte is a sign, so a damaged UTF-8 file would pass for it, and names be stored as nonsense. */
function isDamagedUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes);
  let lost = 0;
  let foreign = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) lost += 1;
    else if (code > 0x7f) foreign += 1;
  }
  return foreign > lost;
}

const usualSigns = '№«»–—“”„’…°§·\u00A0₽€';

/** Russian letters and what stands between them, less every other sign: each of the two reads the other as frames and symbols. */
function scoreRussian(bytes: Uint8Array, encoding: TextEncoding): number {
  const text = new TextDecoder(encoding).decode(bytes);
  let score = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x7f) continue;
    const isLetter = (code >= 0x410 && code <= 0x44f) || code === 0x401 || code === 0x451;
    if (isLetter) score += 1;
    else if (!usualSigns.includes(text.charAt(at))) score -= 1;
  }
  return score;
}

/**
 * The text of a file by the piece, its byte order mark taken away.
 * @throws DamagedText
 */
export async function* decodeText(pieces: AsyncIterable<Uint8Array>, encoding: TextEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new DamagedText(`the text is damaged or not in ${encoding}: save it again, or name its encoding`);
    }
    if (text.includes('\u0000')) throw new DamagedText(`this is not a text in ${encoding}: it has bytes of zero in it`);
    return text;
  };
  for await (const piece of pieces) yield decode(piece);
  yield decode();
}

export class DamagedText extends Error {}
