// Every page of the console.
import { cardsPages } from './cards/cards-page.tsx';
import { overviewPages } from './overview/overview-page.tsx';
import type { Page } from './page.ts';

export const pages: readonly Page[] = [...overviewPages, ...cardsPages];
