/** A page's text with blanks of one kind: sums and percents have blanks that do not break. */
export function plain(text: string): string {
  return text.replaceAll(/[\u00A0\u202F]/g, ' ');
}
