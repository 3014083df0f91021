// The way to a card's page, wherever its number is shown.

export function cardAddress(base: string, number: string): string {
  return `${base}/cards/${encodeURIComponent(number)}`;
}

export function CardLink({ base, number }: { readonly base: string; readonly number: string }) {
  return <a href={cardAddress(base, number)}>{number}</a>;
}
