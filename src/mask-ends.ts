// A secret as a log shows it: its ends, to tell two of them apart, and always eight characters, so that nobody learns its
// length. Of a short one the ends would be half of it, so it shows none.

const hidden = '****';
const shownEnd = 2;
/** A card number of the field has ten digits or more; a password may have six. */
const shortest = 8;

/** Card numbers: a place of UTF-16 is a character. */
const plain = /^[\x20-\x7e]*$/;

export function maskEnds(secret: string): string {
  if (plain.test(secret)) {
    if (secret.length < shortest) return hidden + hidden;
    return secret.slice(0, shownEnd) + hidden + secret.slice(-shownEnd);
  }
  // Code points: half a character would be no text.
  const characters = Array.from(secret);
  if (characters.length < shortest) return hidden + hidden;
  return characters.slice(0, shownEnd).join('') + hidden + characters.slice(-shownEnd).join('');
}
